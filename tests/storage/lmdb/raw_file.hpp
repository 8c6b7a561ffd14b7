// A store's file as a test damages it: with the file's own bytes, and with LMDB beneath the
// adapter.
#pragma once

#include "read_file.hpp"
#include "storage/lmdb/page.hpp"

#include <lmdb.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

namespace verso::storage {

using test::read_file;

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

/// Of the files that tests make.
inline constexpr std::size_t page_bytes = 4'096;

inline lmdb::FileHeader header_at(const std::string& bytes, lmdb::PageNumber which) {
    return lmdb::FileHeader::at(bytes.data() + which * page_bytes);
}
/// The header of the last commit.
inline lmdb::FileHeader newest_header(const std::string& bytes) {
    const lmdb::FileHeader even = header_at(bytes, 0);
    const lmdb::FileHeader odd = header_at(bytes, 1);
    return even.transaction_id > odd.transaction_id ? even : odd;
}
/// The header of the commit before the last.
inline lmdb::FileHeader older_header(const std::string& bytes) {
    return header_at(bytes, 1 - newest_header(bytes).number);
}

inline lmdb::Page page_at(const std::string& bytes, lmdb::PageNumber number) {
    return lmdb::Page(BytesView(bytes).substr(number * page_bytes, page_bytes));
}
inline void copy_page(std::string& bytes, lmdb::PageNumber from, lmdb::PageNumber to) {
    std::copy_n(bytes.begin() + static_cast<long>(from * page_bytes), page_bytes,
                bytes.begin() + static_cast<long>(to * page_bytes));
}

/// Turns a bit at the start of each place where `content` stands; answers how many places there
/// were.
inline int flip_bit(const std::filesystem::path& path, const std::string& content) {
    std::string bytes = read_file(path);
    int places = 0;
    for (std::size_t at = 0; (at = bytes.find(content, at)) != std::string::npos; ++at, ++places)
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
    write_bytes(path, bytes);
    return places;
}

/// Runs `change` in a write transaction on the file's unnamed database, and commits it.
inline void with_lmdb(const std::filesystem::path& path,
                      const std::function<void(MDB_env*, MDB_txn*, MDB_dbi)>& change) {
    MDB_env* environment = nullptr;
    MDB_txn* transaction = nullptr;
    MDB_dbi unnamed = 0;
    if (mdb_env_create(&environment) != 0 || mdb_env_set_maxdbs(environment, 8) != 0 ||
        mdb_env_open(environment, path.c_str(), MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600) !=
            0 ||
        mdb_txn_begin(environment, nullptr, 0, &transaction) != 0 ||
        mdb_dbi_open(transaction, nullptr, 0, &unnamed) != 0)
        throw std::runtime_error("LMDB does not open " + path.string());
    change(environment, transaction, unnamed);
    mdb_txn_commit(transaction);
    mdb_env_close(environment);
}

}  // namespace verso::storage
