//! One way of writing down what a framework says, byte for byte, for its hash: two contents have equal bytes exactly when
//! they are equal.

use super::{Criterion, FrameworkContent, Safeguard};

/// The first bytes. Another way of writing down gets another name, so that hashes of the two are never confused.
const FORM: &str = "kernschil-framework-1";

/// Writes texts with their length before them, so that no text can look like two.
struct Writer(Vec<u8>);

impl Writer {
    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn count(&mut self, count: usize) {
        self.0.extend_from_slice(count.to_string().as_bytes());
        self.0.push(b':');
    }

    fn list<T>(&mut self, all: &[T], write: impl Fn(&mut Self, &T)) {
        self.count(all.len());
        for one in all {
            write(self, one);
        }
    }

    fn questions(&mut self, questions: &[String]) {
        self.list(questions, |writer, question| writer.text(question));
    }

    fn criterion(&mut self, criterion: &Criterion) {
        self.text(&criterion.code.0);
        self.text(&criterion.text);
        self.text(criterion.origin.code());
        self.questions(&criterion.questions);
    }

    fn safeguard(&mut self, safeguard: &Safeguard) {
        self.text(&safeguard.code.0);
        self.text(&safeguard.name);
        self.text(&safeguard.description);
        self.text(safeguard.origin.code());
        self.questions(&safeguard.questions);
        self.list(&safeguard.criteria, Self::criterion);
    }
}

impl FrameworkContent {
    /// The bytes that its hash is made of.
    pub fn canonical(&self) -> Vec<u8> {
        let mut writer = Writer(Vec::new());
        writer.text(FORM);
        writer.text(&self.name);
        writer.text(&self.source);
        writer.questions(&self.questions);
        writer.list(&self.safeguards, Writer::safeguard);
        writer.0
    }
}

#[cfg(test)]
mod tests {
    use crate::frameworks::FrameworkContent;
    use crate::frameworks::samples::small;

    #[test]
    fn every_difference_gives_other_bytes() {
        let one = small();
        let mut others = Vec::new();
        let mut other = |change: fn(&mut crate::frameworks::FrameworkContent)| {
            let mut content = small();
            change(&mut content);
            others.push(content);
        };
        other(|c| c.name.push('x'));
        other(|c| c.source.push('x'));
        other(|c| c.questions.reverse());
        other(|c| c.questions = vec![c.questions.concat()]);
        other(|c| c.safeguards.reverse());
        other(|c| c.safeguards[0].origin = crate::frameworks::Origin::Official);
        other(|c| c.safeguards[0].criteria[0].text.clear());
        other(|c| c.safeguards[0].criteria[0].questions.push("x".to_owned()));
        // The same words, in another place.
        other(|c| {
            let moved = c.safeguards[0].criteria.remove(1);
            c.safeguards[1].criteria.insert(0, moved);
        });
        let mut bytes: Vec<_> = others.iter().map(FrameworkContent::canonical).collect();
        bytes.push(one.canonical());
        let all = bytes.len();
        bytes.sort();
        bytes.dedup();
        assert_eq!(bytes.len(), all);
        assert_eq!(one.canonical(), small().canonical());
    }
}
