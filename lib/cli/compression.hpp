// Zstandard streams, for files whose names end in `.zst`. Where verso was built without it, making
// one fails with option_invalid.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace verso::cli {

/// Whether the file is, or is to be, compressed.
[[nodiscard]] inline bool is_compressed(std::string_view path) { return path.ends_with(".zst"); }

/// Thread safety: bound.
class Compressor {
public:
    using Write = std::function<void(std::string_view)>;

    explicit Compressor(Write write);
    ~Compressor();
    Compressor(const Compressor&) = delete;
    Compressor& operator=(const Compressor&) = delete;

    void write(std::string_view bytes);
    /// Writes what is left. Once, at the end.
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Thread safety: bound.
class Decompressor {
public:
    /// Fills the span from its beginning and answers how much of it; 0: the end.
    using Read = std::function<std::size_t(std::span<char>)>;

    explicit Decompressor(Read read);
    ~Decompressor();
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;

    /// As Read. Errors: Failure io_failed, for what is no such stream.
    [[nodiscard]] std::size_t read(std::span<char> out);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace verso::cli
