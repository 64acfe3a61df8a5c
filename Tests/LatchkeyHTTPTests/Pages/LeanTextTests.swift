import Testing

@testable import LatchkeyHTTP

@Suite("Lean stylesheets and scripts")
struct LeanTextTests {
    @Test("lose what only authors need, and nothing else")
    func rules() {
        let style = """
            /* Colours,
               once. */
            :root {
                --ink: light-dark(#17191f, #e9eaee);
            }
            a:hover, nav > .group :not(:empty) { color: var(--ink); margin: 0 auto }
            @media (max-width: 600px) { a { font: 400 14px/1.5 "Segoe UI", serif } }
            """
        #expect(
            LeanText.style(style) == """
                :root{--ink:light-dark(#17191f,#e9eaee);}\
                a:hover,nav > .group :not(:empty){color:var(--ink);margin:0 auto}\
                @media (max-width:600px){a{font:400 14px/1.5 "Segoe UI",serif}}
                """)
        let script = """
            // Says hello.
            export function hello(name) {
                // once
                return `http://${name}`; // an address
            }

            """
        #expect(
            LeanText.script(script) == """
                export function hello(name) {
                return `http://${name}`; // an address
                }
                """)
    }

    @Test("are served with as many rules as were written, and no text in them that the rules would break")
    func served() async throws {
        for file in EmbeddedFiles.all where file.path.hasSuffix(".css") {
            let lean = LeanText.style(file.text)
            #expect(lean.count { $0 == "}" } == file.text.count { $0 == "}" })
            #expect(lean.utf8.count * 10 < file.text.utf8.count * 9)
            for text in file.text.matches(of: /"([^"\n]*)"/) {
                #expect(LeanText.style(String(text.1)) == text.1, "\(text.1)")
            }
        }
        for file in EmbeddedFiles.all where file.path.hasSuffix(".js") {
            #expect(file.text.count { $0 == "`" }.isMultiple(of: 2))
            for line in file.text.split(separator: "\n") {
                #expect(line.count { $0 == "`" }.isMultiple(of: 2), "a text over several lines: \(line)")
            }
        }
    }
}
