// Whether the pages of a store's file are the ones that LMDB wrote, as far as they tell. They have
// no checksums; but each says which it is, they form trees, and a page is in use once or free.
#pragma once

#include "domain/visitor.hpp"
#include "storage/lmdb/gate.hpp"
#include "storage/lmdb/page_file.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace verso::storage::lmdb {

/// As Storage::check_structure(). O(pages); memory O(pages / 4 bytes).
[[nodiscard]] bool check_pages(Gate& gate, Visitor<const std::string&, const std::string&> visitor);

/// The same of the state that a header page leads to.
[[nodiscard]] bool check_pages(const PageFile& file, const FileHeader& header,
                               Visitor<const std::string&, const std::string&> visitor);

/// Whether the header pages, each in its place, are of two commits, one right after the other, as
/// far as can be told. Else an id is damaged, and LMDB may take the older state for the newer.
/// Requires: no commit writes over the pages that the newer leads to. O(log(free pages)). Fails
/// with io_failed.
[[nodiscard]] bool are_of_consecutive_commits(const PageFile& file, const FileHeader& even,
                                              const FileHeader& odd);

/// Of which commit a header is, by what it leads to and not by its own id: each commit frees pages,
/// the old root at least, and lists them under its id. None where the list cannot be followed, or
/// there is none. O(log(free pages)). Fails with io_failed.
[[nodiscard]] std::optional<std::uint64_t> commit_by_free_pages(const PageFile& file,
                                                                const FileHeader& header);

}  // namespace verso::storage::lmdb
