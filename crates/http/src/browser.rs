//! Which browser a request comes from, in a few words: enough to know one's own sessions by.

use kernschil_app::access::SignInWay;
use poem::http::header::USER_AGENT;
use poem::{FromRequest, Request, RequestBody};
use uuid::Uuid;

use crate::layers::RequestId;

/// Browser and machine of a request.
#[derive(Debug, Clone)]
pub struct Browser {
    words: String,
    request: Uuid,
}

impl Browser {
    /// How somebody signs in from here.
    pub fn way(&self) -> SignInWay {
        SignInWay { browser: self.words.clone(), request: Some(self.request) }
    }
}

impl<'a> FromRequest<'a> for Browser {
    async fn from_request(req: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let agent = req.header(USER_AGENT).unwrap_or_default();
        Ok(Self { words: in_words(agent), request: RequestId::from_request(req, body).await?.0 })
    }
}

/// The first that fits: browsers name those they are like as well.
fn first<'w>(agent: &str, known: &[(&str, &'w str)]) -> Option<&'w str> {
    known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, word)| *word)
}

fn in_words(agent: &str) -> String {
    let browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let machines = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("CrOS", "Chromebook"),
        ("Linux", "Linux"),
    ];
    match (first(agent, &browsers), first(agent, &machines)) {
        (Some(browser), Some(machine)) => format!("{browser} op {machine}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "onbekende browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_browser_is_known_by_its_own_name() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(in_words(edge), "Edge op Windows");
        assert_eq!(in_words("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"), "Firefox op Linux");
        assert_eq!(in_words("curl/8"), "onbekende browser");
    }
}
