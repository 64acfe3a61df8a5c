import Testing

@Suite("Swift text is taken apart into code, comments and texts")
struct SourceLayersTests {
    @Test("and what stands in an interpolation is code")
    func interpolation() {
        let layers = SourceLayers(#"let a = "x \(f("y") + (1)) z" // c"#)
        #expect(layers.code == #"let a =    \(f(   ) + (1))        "#)
        #expect(layers.texts == #"        "x     "y"         z"     "#)
        #expect(layers.comments.trimmed == "// c")
    }

    @Test("and quotes within longer texts open nothing")
    func longTexts() {
        let layers = SourceLayers("let a = \"\"\"\n  \"b\" // no\n  \"\"\"\nlet b = #\"\\(no) \"\"# + c")
        #expect(layers.comments.trimmed.isEmpty)
        #expect(layers.code.contains("+ c"))
        #expect(!layers.code.contains("no"))
    }

    @Test("and a quote in a regex opens nothing")
    func regexes() {
        let layers = SourceLayers("let r = /[^\"]\\/+/\nlet half = a / b // c")
        #expect(layers.code.contains("let half = a / b"))
        #expect(layers.comments.trimmed == "// c")
    }

    @Test("and comments nest")
    func comments() {
        let layers = SourceLayers("a /* b /* c */ d */ e")
        #expect(layers.code == "a                   e")
    }
}
