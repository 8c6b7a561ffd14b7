// Writes the lines of a bundle to a sink, and at the end what proves that they are whole.
#pragma once

#include <verso/bundle.hpp>

#include "engine/bundle/lines.hpp"
#include "tree/sha256.hpp"

#include <string>

namespace verso::engine::bundle {

/// Thread safety: bound. Failures are thrown, those of the sink too.
class BundleWriter {
public:
    explicit BundleWriter(const BundleSink& sink) : sink_(sink) { sha256_.start(); }

    template <class Line>
    void add(const Line& line) {
        append(pending_, line);
        count_line();
    }
    void add_content(const Uuid& commit) {
        append_content(pending_, commit);
        count_line();
    }
    /// Writes the end line, and all that is left.
    void finish();

    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
    static constexpr std::size_t piece_bytes = 256 * 1024;

    void count_line() {
        ++lines_;
        if (pending_.size() >= piece_bytes) flush();
    }
    void flush();
    void send();

    const BundleSink& sink_;
    std::string pending_;
    tree::Sha256 sha256_;
    std::uint64_t lines_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace verso::engine::bundle
