// JSON Patch: a document, a line feed, and a patch, or another document. The patch between two
// documents makes the second of the first.
#include <verso/domain/json_patch.hpp>

#include "fuzz/fuzz.hpp"

using namespace verso;

std::vector<std::string> fuzz::seeds() {
    return {
        "{\"a\":1}\n[{\"op\":\"add\",\"path\":\"/b\",\"value\":{\"c\":[1,2]}}]",
        "{\"a\":[1,2,3]}\n[{\"op\":\"remove\",\"path\":\"/a/1\"},"
        "{\"op\":\"test\",\"path\":\"/a/0\",\"value\":1.0}]",
        "{\"a~b\":{\"c/d\":1}}\n[{\"op\":\"move\",\"from\":\"/a~0b/c~1d\",\"path\":\"/e\"},"
        "{\"op\":\"copy\",\"from\":\"/e\",\"path\":\"/f\"}]",
        "{\"a\":[]}\n[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":null},"
        "{\"op\":\"replace\",\"path\":\"\",\"value\":{}}]",
        "{\"a\":[{\"id\":\"1\",\"x\":1},{\"id\":\"2\"}]}\n{\"a\":[{\"id\":\"2\"},{\"id\":\"1\"}]}",
        "{\"a\":{\"b\":[1,[2,{\"c\":3}]]}}\n{\"a\":{\"b\":[1,[2,{\"c\":4}]],\"d\":1.10}}"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const std::size_t end = text.find('\n');
    const auto document = Document::parse(text.substr(0, end));
    if (!document || end == text.npos) return 0;
    const std::string_view rest = text.substr(end + 1);
    if (const auto patch = JsonPatch::parse(rest)) {
        const auto patched = patch->apply(*document);
        fuzz::require(patched || !patched.error().message.empty());
    }
    if (const auto other = Document::parse(rest)) {
        const JsonPatch between = JsonPatch::between(*document, *other);
        const auto made = between.apply(*document);
        fuzz::require(made && JsonPatch::between(*made, *other).empty());
        fuzz::require(JsonPatch::parse(between.text()).has_value());
    }
    return 0;
}
