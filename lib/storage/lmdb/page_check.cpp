#include "storage/lmdb/page_check.hpp"

#include "storage/lmdb/errors.hpp"
#include "storage/lmdb/page_file.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace verso::storage::lmdb {

namespace {

using Findings = Visitor<const std::string&, const std::string&>;

/// Which pages something was said of. Thread safety: bound.
class PageSet {
public:
    explicit PageSet(std::uint64_t count) : pages_(count) {}

    /// Answers whether all of them are new.
    bool add(PageNumber first, std::uint64_t count) {
        bool are_new = true;
        for (PageNumber page = first; page < std::min(first + count, size()); ++page) {
            are_new = are_new && !pages_[page];
            pages_[page] = true;
        }
        return are_new;
    }
    [[nodiscard]] bool has(PageNumber page) const { return pages_[page]; }
    [[nodiscard]] std::uint64_t size() const noexcept { return pages_.size(); }

private:
    std::vector<bool> pages_;
};

/// Checks one state of the file.
class PageCheck final : PageVisitor {
public:
    PageCheck(const PageFile& file, const FileHeader& header, Findings findings)
        : file_(file),
          header_(header),
          findings_(findings),
          used_(file.count()),
          free_(file.count()) {}

    /// Answers whether LMDB can read what is there.
    bool run() {
        used_.add(0, header_pages);
        reading_ = Reading::free_pages;
        check("of free pages", header_.free_pages);
        reading_ = Reading::tables;
        check("of tables", header_.main);
        reading_ = Reading::values;
        for (const auto& [name, table] : tables_) check(name, table);
        compare_with_free_pages();
        return is_legible_;
    }

private:
    enum class Reading { free_pages, tables, values };

    void check(const std::string& name, const TreeHeader& tree) {
        const TreeCounts counts = walk(file_, tree, *this);
        if (counts.is_whole && counts.entries != tree.entries)
            report("the table " + name, "it says that it has " + std::to_string(tree.entries) +
                                            " entries, and has " + std::to_string(counts.entries));
    }

    bool take(PageNumber first, std::uint64_t count) override {
        if (used_.add(first, count)) return true;
        report(first, "two others name it as theirs");
        return false;
    }

    void visit(const Node& node, const EntryPlace& /*place*/) override {
        if (reading_ == Reading::free_pages) return add_free_pages(node);
        if (reading_ != Reading::tables || !node.is_tree()) return;
        if (node.value_bytes() == TreeHeader::size && !node.has_own_pages())
            tables_.emplace_back(node.key(), TreeHeader::at(node.value().data()));
        else
            report("the table " + std::string(node.key()), "its header is damaged");
    }

    /// A node's value: how many pages, their numbers, perhaps room to spare.
    void add_free_pages(const Node& node) {
        const std::string numbers = file_.value(node).value_or(std::string{});
        const std::uint64_t room = numbers.size() / sizeof(PageNumber);
        const std::uint64_t count = room == 0 ? 0 : load<std::uint64_t>(numbers.data());
        if (room == 0 || count >= room)
            return report("the table of free pages", "a list in it is damaged");
        for (std::uint64_t i = 1; i <= count; ++i) {
            const auto page = load<PageNumber>(numbers.data() + i * sizeof(PageNumber));
            if (page < header_pages || page > header_.last_page)
                report("the table of free pages",
                       "it names page " + std::to_string(page) + ", which there is not");
            else if (!free_.add(page, 1))
                report(page, "it is twice on the list of free pages");
        }
    }

    /// A page in use that is free too is one of the past: the pages that have come for it are not.
    void compare_with_free_pages() {
        std::uint64_t count = 0;
        PageNumber first = 0;
        for (PageNumber page = used_.size(); page-- > 0;)
            if (used_.has(page) && free_.has(page)) {
                ++count;
                first = page;
            }
        if (count > 0)
            report(first, "it is in use, and on the list of free pages, as are " +
                              std::to_string(count - 1) +
                              " others: what is read may be of another time");
    }

    void fault(PageNumber page, const std::string& message, bool is_legible) override {
        report(page, message);
        // LMDB follows no number beyond the last page.
        is_legible_ = is_legible_ && (is_legible || page > header_.last_page);
    }

    void report(PageNumber page, const std::string& message) {
        report("page " + std::to_string(page) + " of the file", message);
    }
    void report(const std::string& where, const std::string& message) {
        if (!is_told_enough_) is_told_enough_ = !findings_(where, message);
    }

    const PageFile& file_;
    const FileHeader& header_;
    Findings findings_;
    PageSet used_;
    PageSet free_;
    Reading reading_ = Reading::free_pages;
    std::vector<std::pair<std::string, TreeHeader>> tables_;
    bool is_legible_ = true;
    bool is_told_enough_ = false;
};

/// Whether the header is of the second commit before the one that it names. No commit before the
/// second after it takes pages from the list that it left. That it is of the second after proves
/// nothing: where a header cannot be written, LMDB puts the old id back, and leaves the rest.
bool is_two_commits_older(const PageFile& file, const FileHeader& header) {
    const auto last = commit_by_free_pages(file, header);
    return last && *last + 2 == header.transaction_id;
}

PageFile file_of(const Environment& environment) {
    int descriptor = -1;
    MDB_stat stat{};
    check_lmdb(mdb_env_get_fd(environment.handle(), &descriptor), "read", environment.path());
    check_lmdb(mdb_env_stat(environment.handle(), &stat), "read", environment.path());
    return {descriptor, stat.ms_psize};
}

}  // namespace

bool check_pages(const PageFile& file, const FileHeader& header, Findings visitor) {
    return PageCheck(file, header, visitor).run();
}

bool check_pages(Gate& gate, Findings visitor) {
    // The header of the state that is held is written over by the second commit after it.
    constexpr int attempts = 100;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const HeldState state(gate);
        const PageFile file = file_of(state.environment());
        const std::uint64_t id = mdb_txn_id(state.transaction());
        const auto header = file.header(id & 1);
        if (header && header->transaction_id == id) return PageCheck(file, *header, visitor).run();
    }
    visitor("the file's header", "it is not that of the state which LMDB reads");
    return false;
}

bool are_of_consecutive_commits(const PageFile& file, const FileHeader& even,
                                const FileHeader& odd) {
    const bool follow = even.transaction_id + 1 == odd.transaction_id ||
                        odd.transaction_id + 1 == even.transaction_id;
    const FileHeader& newest = even.transaction_id > odd.transaction_id ? even : odd;
    return follow && !is_two_commits_older(file, newest);
}

std::optional<std::uint64_t> commit_by_free_pages(const PageFile& file, const FileHeader& header) {
    const TreeHeader& list = header.free_pages;
    PageNumber number = list.root;
    std::string bytes;
    for (unsigned depth = 1; depth <= std::min(list.depth, max_depth) && file.read(number, bytes);
         ++depth) {
        const Page page(bytes);
        if (page.number() != number || !page.is_well_formed() || page.count() == 0) break;
        const Node last = page.node(page.count() - 1);
        if (page.is_branch()) {
            number = last.child();
        } else {
            if (depth != list.depth || last.key().size() != sizeof(std::uint64_t)) break;
            return load<std::uint64_t>(last.key().data());
        }
    }
    return std::nullopt;
}

}  // namespace verso::storage::lmdb
