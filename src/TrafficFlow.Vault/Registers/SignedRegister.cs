using System.Collections.Immutable;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Registers;

/// <summary>
/// A register of custody in the folder custody/ of the data folder: NAME.jsonl, to which entries are only ever appended, each signed and bound to the one before, and NAME.head, which names the
/// last one. Several processes may have it open: each change is made under a lock on what stands there at that moment. One that was changed, cut or reordered is told and never written to.
/// Thread-safe.
/// </summary>
/// <remarks>
/// An entry counts when its line is on the disk; a crash between line and head leaves one entry that the head does not name, which only the holder of the key can have made. Cutting
/// entries and head back together to an earlier state is found with the audit, which holds number and hash of each entry.
/// </remarks>
/// <typeparam name="TState">Immutable; made of the entries by a pure function.</typeparam>
internal sealed class SignedRegister<TState, TEvent>
{
    public const string Folder = "custody";

    private const long LongestFile = 128L * 1024 * 1024;

    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);

    private sealed record Seen(Content Content, (DateTime At, long Length) Log, (DateTime At, long Length) Head, bool IsSettled);

    private sealed record Content(TState State, ImmutableArray<RegisterEntry<TEvent>> Entries, bool EndsWithin)
    {
        public string Hash => Entries is [.., { } last] ? last.Hash : RegisterLine.NoHash;
    }

    private readonly string _name;
    private readonly string _folder;
    private readonly AuditPlace _audit;
    private readonly TState _empty;
    private readonly Func<TState, RegisterEntry<TEvent>, TState> _apply;
    private readonly SemaphoreSlim _gate = new(1);
    private Seen? _seen;

    /// <param name="name">Of its files.</param>
    public SignedRegister(string dataFolder, string name, TState empty, Func<TState, RegisterEntry<TEvent>, TState> apply, TimeProvider time)
    {
        (_name, _folder, _audit, _empty, _apply, Time) = (name, Path.Combine(dataFolder, Folder), new AuditPlace(dataFolder), empty, apply, time);
    }

    public TimeProvider Time { get; }

    /// <exception cref="VaultFileException">It was changed, or cannot be read.</exception>
    public TState State => Look().State;

    /// <exception cref="VaultFileException">It was changed, or cannot be read.</exception>
    public ImmutableArray<RegisterEntry<TEvent>> Entries => Look().Entries;

    private string Log => Path.Combine(_folder, $"{_name}.jsonl");

    private string Head => Path.Combine(_folder, $"{_name}.head");

    /// <summary>Makes entries of what stands there now; they are on the disk when it returns.</summary>
    /// <param name="change">Pure; throws <see cref="RegisterException"/> where it cannot be. No events: nothing is written.</param>
    /// <exception cref="VaultFileException">The register was changed, or cannot be written: nothing was entered.</exception>
    public async Task<(T Answer, ImmutableArray<RegisterEntry<TEvent>> Made)> ChangeAsync<T>(RegisterAuthor by, Func<TState, DateTimeOffset, (ImmutableArray<TEvent> Events, T Answer)> change)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            PrivateFile.MakeFolder(_folder);
            using var held = await FileLock.TakeAsync(Path.Combine(_folder, $"{_name}.lock")).ConfigureAwait(false);
            var content = Read();
            var now = Time.GetUtcNow();
            var (events, answer) = change(content.State, now);
            if (events.IsEmpty) return (answer, []);
            await EnsureKeyAsync().ConfigureAwait(false);
            return (answer, Append(content, by, events, now));
        }
        finally
        {
            _gate.Release();
        }
    }

    private ImmutableArray<RegisterEntry<TEvent>> Append(Content content, RegisterAuthor by, ImmutableArray<TEvent> events, DateTimeOffset now)
    {
        using var key = AuditKey.LoadOrCreate(_audit.Key, out _);
        var made = ImmutableArray.CreateBuilder<RegisterEntry<TEvent>>();
        using var lines = new MemoryStream();
        if (content.EndsWithin) lines.WriteByte((byte)'\n');
        var (number, hash) = ((long)content.Entries.Length, content.Hash);
        foreach (var one in events)
        {
            var (line, own) = RegisterLine.Write(_name, ++number, now, by, one, hash, key);
            if (line.Length > RegisterLine.Longest) throw new RegisterException($"the entry would have {line.Length} bytes, and {RegisterLine.Longest} are the most: shorten its texts");
            lines.Write(line);
            lines.WriteByte((byte)'\n');
            hash = own;
            made.Add(new RegisterEntry<TEvent>(number, now, by, one, own, key.Id));
        }

        try
        {
            _seen = null;
            AppendWhole(lines.ToArray(), [.. RegisterLine.WriteHead(_name, number, hash, key), (byte)'\n']);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PrivateFile.Unwritable(Log, e);
        }

        return made.ToImmutable();
    }

    private void AppendWhole(byte[] lines, byte[] head)
    {
        using var stream = PrivateFile.OpenToAppend(Log);
        var length = stream.Length;
        try
        {
            stream.Write(lines);
            stream.Flush(flushToDisk: true);
            PrivateFile.Replace(Head, head);
        }
        catch (Exception e) when (e is IOException or VaultFileException)
        {
            // What of it fitted onto a full disk must not stay, be it all: it is told that nothing was entered, and would be entered twice.
            stream.SetLength(length);
            stream.Flush(flushToDisk: true);
            throw;
        }
    }

    /// <summary>The audit makes the key, and tells of it, before anything else is signed with it.</summary>
    private async Task EnsureKeyAsync()
    {
        if (File.Exists(_audit.Key) && File.Exists(_audit.PublicKey)) return;
        await using var log = await AuditLog.OpenAsync(_audit.Folder, new AuditOptions(), Time).ConfigureAwait(false);
        if (await log.RecordAsync(new AuditEvent(AuditKind.Audit, RegisterAuthor.Node.Name, RegisterAuthor.Node.Account, "register begun", _name)).ConfigureAwait(false) is null)
            throw new VaultFileException(log.Problem ?? "the audit cannot be written, and with it nothing that is signed: see the node's health");
    }

    private Content Look()
    {
        var (log, head) = (StampOf(Log), StampOf(Head));
        if (_seen is { IsSettled: true } seen && seen.Log == log && seen.Head == head) return seen.Content;
        var content = Read();
        // Two changes in one tick of the file system's clock look alike: only what has been left alone for a while is believed unread.
        _seen = new Seen(content, log, head, Time.GetUtcNow().UtcDateTime - log.At > s_settled);
        return content;
    }

    private Content Read()
    {
        if (PrivateFile.Read(Log, LongestFile) is not { } bytes)
        {
            return PrivateFile.Read(Head, RegisterLine.Longest) is null ? new Content(_empty, [], false) : throw Damaged("the file is missing, and its head is there");
        }

        var keys = _audit.PublicKeys();
        var entries = ImmutableArray.CreateBuilder<RegisterEntry<TEvent>>();
        var (state, hash, line, torn) = (_empty, RegisterLine.NoHash, 0, (Line: 0, Why: ""));
        foreach (var range in bytes.AsSpan().Split((byte)'\n'))
        {
            line++;
            if (bytes.AsSpan(range).IsEmpty) continue;
            if (RegisterLine.Read<TEvent>(_name, bytes.AsSpan(range), keys, out var problem) is not var (entry, before))
            {
                // A crash can have cut the last line before it counted: then the next entry follows the one before it.
                if (problem.StartsWith("it was written by a newer", StringComparison.Ordinal)) throw new VaultFileException($"{Log}, line {line}: {problem}: run that version, nothing is written over");
                torn = torn.Line == 0 ? (line, problem) : torn;
                continue;
            }

            if (entry.Number != entries.Count + 1 || before != hash) throw Damaged(torn.Line > 0 ? $"line {torn.Line}: {torn.Why}" : $"line {line}: entry {entry.Number} does not follow entry {entries.Count}");
            torn = default;
            (state, hash) = (_apply(state, entry), entry.Hash);
            entries.Add(entry);
        }

        CheckHead(entries, keys, torn.Line > 0 ? $"line {torn.Line}: {torn.Why}" : null);
        return new Content(state, entries.ToImmutable(), bytes.Length > 0 && bytes[^1] != (byte)'\n');
    }

    private void CheckHead(ImmutableArray<RegisterEntry<TEvent>>.Builder entries, AuditPublicKeys keys, string? torn)
    {
        if (PrivateFile.Read(Head, RegisterLine.Longest) is not { } content)
        {
            // The first change may end between the two files.
            if (entries.Count <= 8 && (entries.Count == 0 || entries[0].Time == entries[^1].Time)) return;
            throw Damaged($"{_name}.head is missing");
        }

        if (RegisterLine.ReadHead(_name, content.AsSpan().TrimEnd((byte)'\n'), keys, out var problem) is not var (number, hash)) throw Damaged($"{_name}.head: {problem}");
        if (number > entries.Count) throw Damaged(torn ?? $"entries {entries.Count + 1} to {number} are missing");
        if (number < 1 || entries[(int)number - 1].Hash != hash) throw Damaged($"entry {number} is not the one that {_name}.head names");
    }

    private static (DateTime At, long Length) StampOf(string path) => new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : (default, -1);

    private VaultFileException Damaged(string what) =>
        new($"{Log} is not as trafficflow wrote it ({what}): put back the folder {Folder} as it was, from a backup; nothing is entered until then, and nothing is written over");
}
