// Cuts a bundle into its lines, and checks by the last of them that they are whole.
#pragma once

#include "domain/bytes.hpp"
#include "domain/failure.hpp"
#include "tree/sha256.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace verso::engine::bundle {

inline constexpr std::string_view header_prefix = R"({"verso":"bundle")";
inline constexpr std::string_view end_prefix = R"({"end":)";

/// Throws a failure anew, said of a line of the bundle. What a rule of the domain says of something
/// in a bundle is said of the bundle then.
[[noreturn]] void fail_at_line(std::uint64_t line, const Error& error);

/// Thread safety: bound. Failures are thrown, with the line that they are about.
class BundleLines {
public:
    /// Takes a line without its line feed. The end line is passed on too, once it has been found to
    /// fit what stood before it.
    using Take = std::function<void(BytesView line)>;

    BundleLines(std::size_t max_line_bytes, Take take);

    /// Takes the next bytes, however they are cut. Fails as soon as they are no bundle's.
    void feed(BytesView bytes);
    /// Says that there are no more. Fails where the bundle has not come to its end, or gone on.
    void finish() const;

private:
    void check_beginning(BytesView piece, bool is_whole) const;
    void read_line(BytesView line);
    void check_end(BytesView line);

    std::size_t max_line_bytes_;
    Take take_;
    std::string rest_;  ///< of a line that has not ended
    std::uint64_t lines_ = 0;
    bool has_ended_ = false;
    tree::Sha256 sha256_;
};

}  // namespace verso::engine::bundle
