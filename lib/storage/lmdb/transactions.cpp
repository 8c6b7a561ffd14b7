#include "storage/lmdb/transactions.hpp"

#include "storage/lmdb/checksum.hpp"
#include "storage/lmdb/errors.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace verso::storage::lmdb {

namespace {

/// A chunk's key: its id in the machine's byte order, which is what MDB_INTEGERKEY sorts.
BytesView chunk_key(const ChunkId& id) noexcept {
    return {reinterpret_cast<const char*>(&id), sizeof id};
}

std::string describe(ChunkKind kind, ChunkId id) {
    return (kind == ChunkKind::node ? "node " : "payload ") + std::to_string(id);
}

class Cursor {
public:
    Cursor(MDB_txn* transaction, MDB_dbi table, const std::filesystem::path& path) {
        check_lmdb(mdb_cursor_open(transaction, table, &handle_), "read", path);
    }
    ~Cursor() { mdb_cursor_close(handle_); }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    int move(MDB_val& key, MDB_val& value, MDB_cursor_op how) noexcept {
        return mdb_cursor_get(handle_, &key, &value, how);
    }

private:
    MDB_cursor* handle_ = nullptr;
};

/// What both kinds of transaction do.
template <class Port>
class Reading : public Port {
public:
    Reading(Gate& gate, Begun begun)
        : gate_(gate),
          guard_(gate.guard()),
          environment_(*begun.environment),
          transaction_(begun.transaction),
          checking_(gate.options().check_checksums) {}
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    std::optional<BytesView> find(Table table, BytesView key) override {
        guard_.check();
        if (key.empty()) return std::nullopt;
        MDB_val at = to_val(key);
        MDB_val value;
        const int code = mdb_get(transaction_, environment_.table(table), &at, &value);
        if (code == MDB_NOTFOUND) return std::nullopt;
        check(code, "read");
        return record(table, at, value);
    }

    void scan(Table table, const Scan& scan, Visitor<BytesView, BytesView> visitor) override {
        guard_.check();
        Cursor cursor(transaction_, environment_.table(table), environment_.path());
        MDB_val key{};
        MDB_val value{};
        const bool up = scan.order == Order::ascending;
        int code = up ? seek_first(cursor, scan, key, value) : seek_last(cursor, scan, key, value);
        for (; code == 0; code = cursor.move(key, value, up ? MDB_NEXT : MDB_PREV)) {
            if (!environment_.holds(key)) fail_damaged_record(table);
            if (!to_view(key).starts_with(scan.prefix)) return;
            if (!visitor(to_view(key), record(table, key, value))) return;
        }
        if (code != MDB_NOTFOUND) check(code, "read");
    }

    BytesView chunk(ChunkKind kind, ChunkId id) override {
        guard_.check();
        MDB_val key = to_val(chunk_key(id));
        MDB_val value;
        const int code = mdb_get(transaction_, environment_.chunks(kind), &key, &value);
        if (code == MDB_NOTFOUND) fail_missing(kind, id);
        check(code, "read");
        return sound_chunk(kind, id, value);
    }

    void chunks(ChunkKind kind, std::span<const ChunkId> ids,
                Visitor<std::size_t, BytesView> visitor) override {
        guard_.check();
        for (std::size_t i = 0; i < ids.size(); ++i)
            if (!visitor(i, chunk(kind, ids[i]))) return;
    }

    void each_chunk(ChunkKind kind, Visitor<ChunkId, BytesView> visitor) override {
        guard_.check();
        Cursor cursor(transaction_, environment_.chunks(kind), environment_.path());
        MDB_val key{};
        MDB_val value{};
        int code = cursor.move(key, value, MDB_FIRST);
        for (; code == 0; code = cursor.move(key, value, MDB_NEXT)) {
            ChunkId id = 0;
            if (key.mv_size != sizeof id || !environment_.holds(key)) fail_damaged_chunk(kind, id);
            std::memcpy(&id, key.mv_data, sizeof id);
            if (!visitor(id, unseal(chunk_key(id), value, true).value_or(BytesView{}))) return;
        }
        if (code != MDB_NOTFOUND) check(code, "read");
    }

protected:
    void check(int code, std::string_view doing) const {
        check_lmdb(code, doing, environment_.path());
    }

    Gate& gate_;
    const ForkGuard& guard_;
    Environment& environment_;
    MDB_txn* transaction_;  // none once the transaction is over
    bool checking_;

private:
    int seek_first(Cursor& cursor, const Scan& scan, MDB_val& key, MDB_val& value) const {
        const BytesView begin = std::max(scan.prefix, scan.from);
        if (begin.empty()) return cursor.move(key, value, MDB_FIRST);
        key = to_val(begin);
        return cursor.move(key, value, MDB_SET_RANGE);
    }

    /// To the last record that a descending scan may visit.
    int seek_last(Cursor& cursor, const Scan& scan, MDB_val& key, MDB_val& value) const {
        const auto [limit, itself] = descending_start(scan);
        if (limit.empty()) return cursor.move(key, value, MDB_LAST);
        key = to_val(limit);
        const int code = cursor.move(key, value, MDB_SET_RANGE);
        if (code == MDB_NOTFOUND) return cursor.move(key, value, MDB_LAST);
        if (code != 0 || (itself && to_view(key) == limit)) return code;
        return cursor.move(key, value, MDB_PREV);
    }

    /// The bytes of a stored value, or none if it is damaged.
    std::optional<BytesView> unseal(BytesView key, const MDB_val& value,
                                    bool checking) const noexcept {
        if (value.mv_size < checksum_bytes || !environment_.holds(value)) return std::nullopt;
        const BytesView bytes = to_view(value).substr(checksum_bytes);
        if (checking && load_le<std::uint64_t>(to_view(value).data()) != checksum(key, bytes))
            return std::nullopt;
        return bytes;
    }

    BytesView record(Table table, const MDB_val& key, const MDB_val& value) const {
        const auto bytes = unseal(to_view(key), value, checking_);
        if (!bytes) fail_damaged_record(table);
        return *bytes;
    }

    BytesView sound_chunk(ChunkKind kind, ChunkId id, const MDB_val& value) const {
        const auto bytes = unseal(chunk_key(id), value, checking_);
        if (!bytes) fail_damaged_chunk(kind, id);
        return *bytes;
    }

    [[noreturn]] void fail_damaged_record(Table table) const {
        fail(Errc::corrupt, "a record of the table " +
                                std::string(table_names[static_cast<std::size_t>(table)]) +
                                " in the store " + environment_.path().string() +
                                " is damaged; run verify, restore a backup");
    }
    [[noreturn]] void fail_damaged_chunk(ChunkKind kind, ChunkId id) const {
        fail(Errc::corrupt, describe(kind, id) + " of the store " + environment_.path().string() +
                                " is damaged; run verify, restore a backup");
    }

protected:
    [[noreturn]] void fail_missing(ChunkKind kind, ChunkId id) const {
        fail(Errc::corrupt, describe(kind, id) + " of the store " + environment_.path().string() +
                                " is missing; run verify, restore a backup");
    }
};

class LmdbReadTransaction final : public Reading<ReadTransaction> {
public:
    explicit LmdbReadTransaction(Gate& gate) : Reading(gate, gate.begin_read()) {}
    ~LmdbReadTransaction() override { gate_.end_read(transaction_); }
};

class LmdbWriteTransaction final : public Reading<WriteTransaction> {
public:
    explicit LmdbWriteTransaction(Gate& gate) : Reading(gate, gate.begin_write()) {}
    explicit LmdbWriteTransaction(LmdbWriteTransaction& outer)
        : Reading(outer.gate_, outer.begin_within()), is_nested_(true) {}
    ~LmdbWriteTransaction() override {
        if (transaction_ == nullptr) return;
        if (!is_nested_)
            gate_.abort_write(transaction_);
        else if (!guard_.is_forked())
            mdb_txn_abort(transaction_);
    }

    void put(Table table, BytesView key, BytesView value) override {
        guard_.check();
        if (key.empty() || key.size() > max_key_bytes)
            fail(Errc::limit_exceeded, "a record's key has " + std::to_string(key.size()) +
                                           " bytes, and 1 to " + std::to_string(max_key_bytes) +
                                           " are possible; use a shorter one");
        check_change(write(environment_.table(table), key, value, 0));
    }

    bool erase(Table table, BytesView key) override {
        guard_.check();
        return !key.empty() && remove(environment_.table(table), key);
    }

    void append(ChunkKind kind, ChunkId id, BytesView bytes) override {
        guard_.check();
        const int code = write(environment_.chunks(kind), chunk_key(id), bytes, MDB_APPEND);
        if (code == MDB_KEYEXIST)
            fail(Errc::corrupt, "the store " + environment_.path().string() +
                                    " holds chunks beyond " + describe(kind, id) +
                                    ", which is to be new; run verify, restore a backup");
        check_change(code);
    }

    void drop(ChunkKind kind, ChunkId id) override {
        guard_.check();
        if (!remove(environment_.chunks(kind), chunk_key(id))) fail_missing(kind, id);
    }

    std::uint64_t changes() const noexcept override { return changes_; }

    void commit() override {
        guard_.check();
        if (failed_ != 0) check(failed_, "commit to");
        if (!is_nested_) gate_.check_in_place();
        MDB_txn* transaction = std::exchange(transaction_, nullptr);
        if (transaction == nullptr) check(MDB_BAD_TXN, "commit to");
        if (is_nested_)
            check(mdb_txn_commit(transaction), "commit to");
        else
            gate_.commit_write(transaction);
    }

    std::unique_ptr<WriteTransaction> begin_nested() override {
        guard_.check();
        return std::make_unique<LmdbWriteTransaction>(*this);
    }

private:
    [[nodiscard]] Begun begin_within() const {
        MDB_txn* nested = nullptr;
        check(mdb_txn_begin(environment_.handle(), transaction_, 0, &nested), "write to");
        return {&environment_, nested};
    }

    int write(MDB_dbi table, BytesView key, BytesView bytes, unsigned flags) noexcept {
        ++changes_;
        MDB_val at = to_val(key);
        MDB_val value{checksum_bytes + bytes.size(), nullptr};
        const int code = mdb_put(transaction_, table, &at, &value, flags | MDB_RESERVE);
        if (code != 0) return code;
        seal(static_cast<char*>(value.mv_data), key, bytes);
        return 0;
    }

    bool remove(MDB_dbi table, BytesView key) {
        MDB_val at = to_val(key);
        ++changes_;
        const int code = mdb_del(transaction_, table, &at, nullptr);
        if (code != MDB_NOTFOUND) check_change(code);
        return code == 0;
    }

    /// Remembers the first failure: LMDB says of all that follow only that the transaction is bad.
    void check_change(int code) {
        if (code == 0) return;
        if (failed_ == 0) failed_ = code;
        check(failed_, "write to");
    }

    bool is_nested_ = false;
    std::uint64_t changes_ = 0;
    int failed_ = 0;
};

}  // namespace

std::unique_ptr<ReadTransaction> make_read_transaction(Gate& gate) {
    return std::make_unique<LmdbReadTransaction>(gate);
}

std::unique_ptr<WriteTransaction> make_write_transaction(Gate& gate) {
    return std::make_unique<LmdbWriteTransaction>(gate);
}

}  // namespace verso::storage::lmdb
