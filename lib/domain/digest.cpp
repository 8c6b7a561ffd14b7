#include <verso/domain/digest.hpp>

#include "domain/hex.hpp"

namespace verso {

std::string to_string(const Digest& digest) {
    std::string text;
    text.reserve(2 * digest.bytes.size());
    for (const std::uint8_t byte : digest.bytes) append_hex(text, byte);
    return text;
}

}  // namespace verso
