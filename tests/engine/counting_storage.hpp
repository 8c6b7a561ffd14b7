// A storage that counts what it is asked for, around a real one: what an operation costs, without a
// clock.
#pragma once

#include "storage/storage.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <utility>

namespace verso::engine {

/// What a storage was asked for. Units: calls, but where the name says bytes.
struct Calls {
    std::uint64_t finds = 0;
    std::uint64_t scanned_records = 0;
    std::uint64_t chunks = 0;
    std::uint64_t puts = 0;
    std::uint64_t put_bytes = 0;
    std::uint64_t erases = 0;
    std::uint64_t appends = 0;
    std::uint64_t commits = 0;  ///< But for those of nested transactions.

    friend bool operator==(const Calls&, const Calls&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Calls& calls) {
        return out << "{finds " << calls.finds << ", scanned " << calls.scanned_records
                   << ", chunks " << calls.chunks << ", puts " << calls.puts << ", bytes "
                   << calls.put_bytes << ", erases " << calls.erases << ", appends "
                   << calls.appends << ", commits " << calls.commits << "}";
    }
};

class CountingTransaction final : public storage::WriteTransaction {
public:
    CountingTransaction(
        std::unique_ptr<storage::WriteTransaction> real, Calls& calls,
        std::function<void()> before_commit = [] {})
        : real_(std::move(real)), calls_(calls), before_commit_(std::move(before_commit)) {}

    std::optional<BytesView> find(storage::Table table, BytesView key) override {
        ++calls_.finds;
        return real_->find(table, key);
    }
    void scan(storage::Table table, const storage::Scan& scan,
              Visitor<BytesView, BytesView> visitor) override {
        real_->scan(table, scan, [&](BytesView key, BytesView value) {
            ++calls_.scanned_records;
            return visitor(key, value);
        });
    }
    BytesView chunk(storage::ChunkKind kind, storage::ChunkId id) override {
        ++calls_.chunks;
        return real_->chunk(kind, id);
    }
    void chunks(storage::ChunkKind kind, std::span<const storage::ChunkId> ids,
                Visitor<std::size_t, BytesView> visitor) override {
        calls_.chunks += ids.size();
        real_->chunks(kind, ids, visitor);
    }
    void each_chunk(storage::ChunkKind kind,
                    Visitor<storage::ChunkId, BytesView> visitor) override {
        real_->each_chunk(kind, visitor);
    }
    void put(storage::Table table, BytesView key, BytesView value) override {
        ++calls_.puts;
        calls_.put_bytes += key.size() + value.size();
        real_->put(table, key, value);
    }
    bool erase(storage::Table table, BytesView key) override {
        ++calls_.erases;
        return real_->erase(table, key);
    }
    void append(storage::ChunkKind kind, storage::ChunkId id, BytesView bytes) override {
        ++calls_.appends;
        real_->append(kind, id, bytes);
    }
    void drop(storage::ChunkKind kind, storage::ChunkId id) override { real_->drop(kind, id); }
    std::uint64_t changes() const noexcept override { return real_->changes(); }
    void commit() override {
        if (!is_nested_) ++calls_.commits;
        before_commit_();
        real_->commit();
    }
    std::unique_ptr<storage::WriteTransaction> begin_nested() override {
        auto nested = std::make_unique<CountingTransaction>(real_->begin_nested(), calls_);
        nested->is_nested_ = true;
        return nested;
    }

private:
    std::unique_ptr<storage::WriteTransaction> real_;
    Calls& calls_;
    std::function<void()> before_commit_;
    bool is_nested_ = false;
};

class CountingStorage final : public storage::Storage {
public:
    CountingStorage(std::unique_ptr<storage::Storage> real, Calls& calls)
        : real_(std::move(real)), calls_(calls) {}

    std::unique_ptr<storage::ReadTransaction> begin_read() override { return real_->begin_read(); }
    std::unique_ptr<storage::WriteTransaction> begin_write(BytesView connection) override {
        return std::make_unique<CountingTransaction>(real_->begin_write(connection), calls_,
                                                     before_commit_);
    }
    /// Runs `hook` before every commit from now on, which fails if that throws.
    void before_commit(std::function<void()> hook) { before_commit_ = std::move(hook); }
    storage::Usage usage() override { return real_->usage(); }
    storage::Readers readers() override { return real_->readers(); }
    bool check_structure(Visitor<const std::string&, const std::string&> visitor) override {
        return real_->check_structure(visitor);
    }
    void check_process() const override { real_->check_process(); }

private:
    std::unique_ptr<storage::Storage> real_;
    Calls& calls_;
    std::function<void()> before_commit_ = [] {};
};

}  // namespace verso::engine
