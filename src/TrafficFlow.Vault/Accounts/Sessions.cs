using System.Collections.Immutable;
using System.Text.Json;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <param name="Idle">Without a request for so long, a session ends.</param>
/// <param name="Absolute">So long after its log-in it ends in any case.</param>
public sealed record SessionLimits(TimeSpan Idle, TimeSpan Absolute)
{
    public static readonly SessionLimits Default = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(12));
}

/// <param name="Text">For the session's cookie, which nothing else keeps.</param>
/// <param name="Until">Its absolute end.</param>
public sealed record SessionStarted(string Text, AccountPrincipal Principal, DateTimeOffset Until);

/// <summary>
/// Who is logged in: a record of each session on this side, by the hash of its text. One ends by its time-outs, by log-out, and when the account is disabled or changes its
/// password, roles or second factor, wherever that was done. They outlive a restart of the node in the private file sessions.json; without that file, or with a damaged one, everybody
/// logs in again. Thread-safe.
/// </summary>
public sealed class Sessions : IDisposable
{
    public const string FileName = "sessions.json";

    private const int Most = 2_000;
    private const int MostOfAccount = 20;
    private const int LongestFile = 1024 * 1024;

    private static readonly TimeSpan s_saveEach = TimeSpan.FromMinutes(1);

    internal sealed record Session(string Hash, string Account, long Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt);

    private readonly AccountStore _store;
    private readonly SessionLimits _limits;
    private readonly string? _file;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private DateTimeOffset _savedAt;

    /// <param name="dataFolder">Where they are kept over a restart; null for nowhere.</param>
    public Sessions(AccountStore store, SessionLimits limits, string? dataFolder = null)
    {
        (_store, _limits, _file) = (store, limits, dataFolder is null ? null : Path.Combine(dataFolder, FileName));
        foreach (var session in Load()) _sessions[session.Hash] = session;
    }

    /// <summary>Open ones, those that have ended unseen included.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _sessions.Count;
        }
    }

    internal SessionStarted Start(Account account)
    {
        var now = _store.Time.GetUtcNow();
        var text = SecretText.Create(SecretText.OfSession);
        lock (_gate)
        {
            foreach (var old in _sessions.Values.Where(s => IsOver(s, now)).ToList()) _sessions.Remove(old.Hash);
            while (_sessions.Values.Where(s => s.Account == account.Name).OrderBy(s => s.SeenAt).ToList() is { Count: >= MostOfAccount } own) _sessions.Remove(own[0].Hash);
            if (_sessions.Count >= Most) _sessions.Remove(_sessions.Values.MinBy(s => s.SeenAt)!.Hash);
            var session = new Session(SecretText.Hash(text), account.Name, account.Version, now, now);
            _sessions[session.Hash] = session;
            Save(now);
        }

        return new SessionStarted(text, Of(account), now + _limits.Absolute);
    }

    /// <summary>For each request: who shows this cookie, and the session goes on. Null where there is no such session (any more).</summary>
    /// <exception cref="VaultFileException">The accounts cannot be read: nobody is let in.</exception>
    public AccountPrincipal? Check(string? text) => KeyOf(text) is { } key ? CheckKey(key) : null;

    /// <summary>Names a session without being one: who has it can ask whether the session goes on, and do no more. Null for what is no text of a session.</summary>
    public static string? KeyOf(string? text) => SecretText.Is(SecretText.OfSession, text) ? SecretText.Hash(text!) : null;

    /// <summary>The same by <see cref="KeyOf"/>, for what lasts longer than a request.</summary>
    /// <exception cref="VaultFileException">The accounts cannot be read: nobody is let in.</exception>
    public AccountPrincipal? CheckKey(string key)
    {
        var now = _store.Time.GetUtcNow();
        var accounts = _store.List();
        lock (_gate)
        {
            if (!_sessions.TryGetValue(key, out var session)) return null;
            var account = accounts.Find(session.Account);
            if (IsOver(session, now) || account is not { CanLogIn: true } || account.Version != session.Version)
            {
                _sessions.Remove(session.Hash);
                Save(now);
                return null;
            }

            _sessions[session.Hash] = session with { SeenAt = now };
            if (now - _savedAt >= s_saveEach) Save(now);
            return Of(account);
        }
    }

    /// <summary>Log-out.</summary>
    public void End(string? text)
    {
        if (!SecretText.Is(SecretText.OfSession, text)) return;
        lock (_gate)
        {
            if (_sessions.Remove(SecretText.Hash(text!))) Save(_store.Time.GetUtcNow());
        }
    }

    /// <summary>Ends all of an account; returns how many.</summary>
    public int EndAllOf(string account)
    {
        lock (_gate)
        {
            var own = _sessions.Values.Where(s => s.Account == account).ToList();
            foreach (var session in own) _sessions.Remove(session.Hash);
            if (own.Count > 0) Save(_store.Time.GetUtcNow());
            return own.Count;
        }
    }

    public void Dispose()
    {
        lock (_gate) Save(_store.Time.GetUtcNow());
    }

    private bool IsOver(Session session, DateTimeOffset now) => now - session.SeenAt >= _limits.Idle || now - session.StartedAt >= _limits.Absolute;

    private static AccountPrincipal Of(Account account) => new(account.Name, account.Roles, CheckedBy.Session);

    private void Save(DateTimeOffset now)
    {
        _savedAt = now;
        if (_file is null) return;
        try
        {
            PrivateFile.Replace(_file, JsonSerializer.SerializeToUtf8Bytes(_sessions.Values), toDisk: false);
        }
        catch (VaultFileException)
        {
            // A full disk ends no session; after a restart everybody logs in again.
        }
    }

    private ImmutableArray<Session> Load()
    {
        if (_file is null) return [];
        try
        {
            return PrivateFile.Read(_file, LongestFile) is { } content && JsonSerializer.Deserialize<ImmutableArray<Session>>(content) is { IsDefault: false } sessions
                ? [.. sessions.Where(s => s is not null && SecretText.IsHash(s.Hash) && s.Account is not null)]
                : [];
        }
        catch (Exception e) when (e is VaultFileException or JsonException)
        {
            return [];
        }
    }
}
