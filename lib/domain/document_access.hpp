// How the library makes documents of text that it knows to be good: what it has stored, or has just
// written.
#pragma once

#include <verso/domain/document.hpp>

#include <string>
#include <utility>

namespace verso {

struct DocumentAccess {
    /// Requires: `text` is what Document::parse() would answer: an object without white space.
    [[nodiscard]] static Document make(std::string text) noexcept {
        return Document(std::move(text));
    }
};

}  // namespace verso
