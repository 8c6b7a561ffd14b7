// Documents: what is read is compact, and reads as itself.
#include <verso/domain/document.hpp>
#include <verso/domain/document_change.hpp>

#include "fuzz/fuzz.hpp"

using namespace verso;

std::vector<std::string> fuzz::seeds() {
    return {R"({})",
            R"({"a":1.10,"b":[true,false,null],"c":{"d":"\u00e9\n"}})",
            "{ \"a\" : -0.5e+10 ,\n\t\"b\" : [ ] }",
            R"({"a":"\ud83d\ude00","\u0000":[[[[{}]]]]})",
            R"({"a":1,"a":2})",
            R"([1,2])",
            R"({"a":12345678901234567890123456789})"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = Document::parse(fuzz::text_of(data, size));
    if (!read) {
        fuzz::require(!read.error().message.empty());
        return 0;
    }
    const auto again = Document::parse(read->text());
    fuzz::require(again && again->text() == read->text());
    fuzz::require(document_changes(*read, *again).empty());
    return 0;
}
