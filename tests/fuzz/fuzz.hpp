// Hostile input: a target takes any bytes, and must neither crash nor hang, nor leak, nor answer
// what cannot be. Each is a program twice: `./dev fuzz` links it with libFuzzer, and replay.cpp
// tries its seeds and changes of them in a test, with any compiler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

/// Libfuzzer's name for a target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace verso::fuzz {

/// Inputs of the target's own to begin with, most of them good ones.
[[nodiscard]] std::vector<std::string> seeds();

[[nodiscard]] inline std::string_view text_of(const std::uint8_t* data, std::size_t size) noexcept {
    return {reinterpret_cast<const char*>(data), size};
}

/// Ends the program, as a sanitizer does, unless `holds`.
inline void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace verso::fuzz
