#include "engine/bundle/bundle_lines.hpp"

#include "engine/bundle/lines.hpp"

#include <algorithm>
#include <utility>

namespace verso::engine::bundle {

namespace {

bool is_about_input(Errc code) {
    return code == Errc::document_invalid || code == Errc::resource_invalid ||
           code == Errc::name_invalid || code == Errc::name_reserved ||
           code == Errc::text_invalid || code == Errc::id_invalid;
}

/// The message of a line, whose own place is within that line.
std::string at_line(std::uint64_t line, std::string_view message) {
    constexpr std::string_view only_line = "line 1, ";
    std::string text = "line " + std::to_string(line);
    if (!message.starts_with(only_line)) return text.append(": ").append(message);
    return text.append(", ").append(message.substr(only_line.size()));
}

}  // namespace

void fail_at_line(std::uint64_t line, const Error& error) {
    if (is_about_input(error.code)) fail(Errc::bundle_invalid, at_line(line, error.message));
    Error placed = error;
    placed.message = at_line(line, error.message);
    fail(std::move(placed));
}

BundleLines::BundleLines(std::size_t max_line_bytes, Take take)
    : max_line_bytes_(max_line_bytes), take_(std::move(take)) {
    sha256_.start();
}

void BundleLines::feed(BytesView bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const BytesView piece = bytes.substr(0, end);
        if (lines_ == 0) check_beginning(piece, end != bytes.npos);
        if (rest_.size() + piece.size() > max_line_bytes_)
            fail(Errc::limit_exceeded, "line " + std::to_string(lines_ + 1) + " has more than " +
                                           std::to_string(max_line_bytes_) +
                                           " bytes; raise the limit of documents, max_bytes");
        if (end == bytes.npos) {
            rest_ += piece;
            return;
        }
        if (rest_.empty()) {
            read_line(piece);
        } else {
            rest_ += piece;
            read_line(rest_);
            rest_.clear();
        }
        bytes.remove_prefix(end + 1);
    }
}

/// Of the first line, of which this is the next piece, up to its end if it is whole then.
void BundleLines::check_beginning(BytesView piece, bool is_whole) const {
    const BytesView expected = header_prefix.substr(std::min(rest_.size(), header_prefix.size()));
    if (piece.starts_with(expected)) return;
    if (is_whole || !expected.starts_with(piece))
        fail(Errc::bundle_invalid, "line 1: this is no bundle; `verso bundle export` writes one");
}

void BundleLines::read_line(BytesView line) {
    try {
        if (has_ended_) fail(Errc::bundle_invalid, "it stands behind the end of the bundle");
        if (line.starts_with(end_prefix)) {
            check_end(line);
        } else {
            sha256_.add(line);
            sha256_.add("\n");
        }
        take_(line);
        ++lines_;
    } catch (const Failure& failure) {
        fail_at_line(lines_ + 1, failure.error);
    }
}

void BundleLines::check_end(BytesView line) {
    std::string expected;
    append_end(expected, lines_, sha256_.finish());
    expected.pop_back();
    if (line != expected)
        fail(Errc::bundle_invalid,
             "the bundle is not as it was written: its lines have another number or another "
             "digest than it says; get it anew");
    has_ended_ = true;
}

void BundleLines::finish() const {
    if (has_ended_ && !rest_.empty())
        fail(Errc::bundle_invalid, "something stands behind the end of the bundle");
    if (!has_ended_)
        fail(Errc::bundle_invalid,
             "line " + std::to_string(lines_ + 1) +
                 ": the bundle ends before its last line; it is cut off, so get it anew");
}

}  // namespace verso::engine::bundle
