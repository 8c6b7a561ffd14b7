#include "storage/lmdb/page_file.hpp"

#include "domain/failure.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace verso::storage::lmdb {

namespace {

[[noreturn]] void fail_reading(int code) {
    fail(Errc::io_failed, "the store's file cannot be read (" +
                              std::generic_category().message(code) +
                              "); look at the system's log before going on");
}

std::uint64_t size_of(int descriptor) {
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) fail_reading(errno);
    return static_cast<std::uint64_t>(info.st_size);
}

constexpr auto beyond_end = "it is in use, and lies beyond the file's end";

std::string page_named(PageNumber number) { return "page " + std::to_string(number); }

class Walk {
public:
    Walk(const PageFile& file, const TreeHeader& tree, PageVisitor& visitor)
        : file_(file), tree_(tree), visitor_(visitor), entered_(file.count()) {}

    TreeCounts run() {
        if (tree_.root != no_page) enter(tree_.root, 1, {});
        return counts_;
    }

private:
    /// Keys that a page may have: from `from` on and before `before`, where there are such.
    struct Range {
        std::optional<std::string> from;
        std::optional<std::string> before;
    };

    void fault(PageNumber page, const std::string& message, bool is_legible) {
        visitor_.fault(page, message, is_legible);
    }

    void enter(PageNumber number, unsigned depth, const Range& range) {
        std::string bytes;
        if (depth > max_depth || !file_.read(number, bytes)) {
            counts_.is_whole = false;
            const bool is_too_deep = depth > max_depth;
            return fault(number, is_too_deep ? "it lies deeper in a tree than any can" : beyond_end,
                         is_too_deep);  // LMDB does not go so deep either
        }
        // A page that is met again may lead in a circle, and the ways through several double with
        // each level.
        if (!visitor_.take(number, 1) || entered_[number]) {
            counts_.is_whole = false;
            return;
        }
        entered_[number] = true;
        const Page page(bytes);
        if (page.number() != number)
            fault(number, "it has what belongs in " + page_named(page.number()), true);
        if (!page.is_well_formed() || page.count() == 0) {
            counts_.is_whole = false;
            return fault(number, "it is no page of a tree, or damaged", false);
        }
        if (!has_order(page, range))
            fault(number, "its keys are not in order, or not those that the page above it says",
                  true);
        if (page.is_branch())
            enter_children(page, depth, range);
        else
            visit_entries(number, page, depth, range);
    }

    void enter_children(const Page& page, unsigned depth, const Range& range) {
        for (std::size_t i = 0; i < page.count(); ++i) {
            Range below = range;
            if (i > 0) below.from = page.node(i).key();
            if (i + 1 < page.count()) below.before = page.node(i + 1).key();
            enter(page.node(i).child(), depth + 1, below);
        }
    }

    void visit_entries(PageNumber number, const Page& page, unsigned depth, const Range& range) {
        if (depth != tree_.depth) {
            counts_.is_whole = false;
            fault(number, "it lies on another level than its tree's leaves", true);
        }
        for (std::size_t i = 0; i < page.count(); ++i) {
            const Node node = page.node(i);
            ++counts_.entries;
            if (node.has_own_pages() && !has_its_pages(node)) continue;
            const bool is_its_own = page.number() == number && is_in(range, node.key());
            visitor_.visit(node, {number, i, is_its_own});
        }
    }

    bool has_its_pages(const Node& node) {
        const PageNumber first = node.first_page();
        const std::uint64_t needed = file_.pages_of(node.value_bytes());
        std::string bytes;
        if (!file_.read(first, bytes)) {
            fault(first, beyond_end, true);  // no value is read that leads beyond
            return false;
        }
        const Page page(bytes);
        if (page.number() != first || !page.is_of_value() || page.value_pages() < needed ||
            first + page.value_pages() > file_.count()) {
            fault(first, "it is not the first page of the value that is said to be there", true);
            return false;
        }
        return visitor_.take(first, page.value_pages());
    }

    /// Whether the page's keys rise and lie in the range. A branch's first key is not used.
    [[nodiscard]] bool has_order(const Page& page, const Range& range) const {
        const std::size_t first = page.is_branch() ? 1 : 0;
        for (std::size_t i = first; i < page.count(); ++i) {
            const BytesView key = page.node(i).key();
            if (tree_.has_integer_keys && key.size() != sizeof(std::uint64_t)) return false;
            if (i > first && !is_less(page.node(i - 1).key(), key)) return false;
            if (!is_in(range, key)) return false;
        }
        return true;
    }

    [[nodiscard]] bool is_in(const Range& range, BytesView key) const noexcept {
        return !(range.from && is_less(key, *range.from)) &&
               !(range.before && !is_less(key, *range.before));
    }

    [[nodiscard]] bool is_less(BytesView a, BytesView b) const noexcept {
        if (!tree_.has_integer_keys) return a < b;
        return b.size() == sizeof(std::uint64_t) &&
               load<std::uint64_t>(a.data()) < load<std::uint64_t>(b.data());
    }

    const PageFile& file_;
    const TreeHeader& tree_;
    PageVisitor& visitor_;
    std::vector<bool> entered_;  ///< by page
    TreeCounts counts_;
};

}  // namespace

PageFile::PageFile(int descriptor, std::size_t page_bytes)
    : descriptor_(descriptor), page_bytes_(page_bytes), count_(size_of(descriptor) / page_bytes) {}

bool PageFile::read(PageNumber number, std::string& bytes) const {
    return number < count_ && read(number * page_bytes_, page_bytes_, bytes);
}

bool PageFile::read(std::uint64_t at, std::size_t size, std::string& bytes) const {
    bytes.resize(size);
    std::size_t done = 0;
    while (done < size) {
        const ssize_t taken =
            ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(at + done));
        if (taken < 0 && errno == EINTR) continue;
        if (taken < 0) fail_reading(errno);
        if (taken == 0) return false;
        done += static_cast<std::size_t>(taken);
    }
    return true;
}

std::optional<FileHeader> PageFile::header(PageNumber which) const {
    std::string bytes;
    if (!read(which * page_bytes_, FileHeader::size, bytes)) return std::nullopt;
    return FileHeader::at(bytes.data());
}

std::optional<std::string> PageFile::value(const Node& node) const {
    if (!node.has_own_pages()) return std::string(node.value());
    const PageNumber first = node.first_page();
    const std::uint64_t pages = pages_of(node.value_bytes());
    std::string bytes;
    if (first >= count_ || pages > count_ - first ||
        !read(first * page_bytes_ + page_header_bytes, node.value_bytes(), bytes))
        return std::nullopt;
    return bytes;
}

TreeCounts walk(const PageFile& file, const TreeHeader& tree, PageVisitor& visitor) {
    return Walk(file, tree, visitor).run();
}

}  // namespace verso::storage::lmdb
