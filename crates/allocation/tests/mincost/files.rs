//! Files in DIMACS format: what is read is what was written, and what is wrong is named.

use kernschil_allocation::mincost::dimacs::{read, write};

use super::problem;

#[test]
fn what_is_written_is_read_back() {
    for seed in 0..500 {
        let problem = problem(seed);
        let mut file = Vec::new();
        write(&problem, &mut file).expect("memory takes it");
        assert_eq!(read(&file[..]).expect("a file"), problem);
    }
}

#[test]
fn blank_lines_comments_and_carriage_returns_do_no_harm() {
    let file = "c hello\r\n\r\np min 2 1\r\nn\t1   5\r\nn 2 -5\r\ncomment\r\na 1 2 0 9223372036854775807 -3";
    let problem = read(file.as_bytes()).expect("a file");
    assert_eq!(problem.supplies, [5, -5]);
    assert_eq!((problem.arcs[0].upper, problem.arcs[0].cost), (i64::MAX, [-3]));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let cases = [
        ("", "line 1: the line 'p min <nodes> <arcs>' should have come first"),
        ("n 1 3\n", "line 1: the line 'p min <nodes> <arcs>' should have come first"),
        ("c\np max 2 1\n", "line 2: 'max' is another kind of problem than 'min'"),
        ("p min 2\n", "line 1: is not of the form 'p min <nodes> <arcs>'"),
        ("p min 2 0\np min 2 0\n", "line 2: there is a problem line already"),
        ("p min 99999999999999 1\n", "line 1: more than 50000000 nodes or 500000000 arcs"),
        ("p min -2 1\n", "line 1: '-2' is not a whole number that fits"),
        ("p min 2 0\nn 3 1\n", "line 2: there is no node 3"),
        ("p min 2 0\nn 0 1\n", "line 2: there is no node 0"),
        ("p min 2 0\nn 1 1\nn 1 1\n", "line 3: node 1 has a supply already"),
        ("p min 2 1\na 1 2 0 9.5 1\n", "line 2: '9.5' is not a whole number that fits"),
        ("p min 2 1\na 1 2 0 9223372036854775808 1\n", "line 2: '9223372036854775808' is not a whole number that fits"),
        ("p min 2 1\na 1 2 5 4 1\n", "line 2: the lower bound 5 exceeds the upper bound 4"),
        ("p min 2 1\na 1 2 0 4\n", "line 2: is not of the form 'a <from> <to> <lower> <upper> <cost>'"),
        ("p min 2 1\na 1 2 0 4 1 7\n", "line 2: is not of the form 'a <from> <to> <lower> <upper> <cost>'"),
        ("p min 2 2\na 1 2 0 4 1\n", "line 3: the problem line announces 2 arcs, this makes 1"),
        ("p min 2 1\na 1 2 0 4 1\na 1 2 0 4 1\n", "line 3: the problem line announces 1 arcs, this makes 2"),
        ("p min 2 0\nx\n", "line 2: does not start with c, p, n or a"),
    ];
    for (file, message) in cases {
        let error = read(file.as_bytes()).expect_err("not right");
        assert_eq!(error.to_string(), message);
    }
    assert!(read(&b"p min 2 0\n\xff\xfe\n"[..]).is_err());
}
