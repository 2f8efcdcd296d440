using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

/// <summary>
/// Files in the vault's folder that decide what is erased, kept and given away: holds, copies, trusted vaults, erasures under way, exports, what was erased. None of them is secret; all of them are named with their hashes in
/// <see cref="SealedHead"/>, so that one that was changed, dropped, planted or put back in an older form by anybody without the master is told and decides nothing. A crash at any moment leaves the file as it was or as it
/// was to be. An older form of all of them and of the head together is told while the process runs; across a restart the audit tells it. Thread-safe: under the lock of the keys.
/// </summary>
internal sealed class SealedFiles(string folder, Lock gate, Func<LockedBytes?> master)
{
    private const string Remedy = "until then nothing is erased, carried or taken in. Put the file back as it was; where that cannot be, trafficflow vault renew-registers puts it aside and begins anew without it";

    private long _seen;

    private string HeadPath => Path.Combine(folder, SealedHead.Name);

    /// <summary>Held by whoever reads and writes in one step.</summary>
    public Lock Gate => gate;

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <returns>What the vault wrote; null where it wrote none, or has removed it.</returns>
    /// <exception cref="VaultKeyException">The vault is not open: nothing can be checked.</exception>
    /// <exception cref="VaultFileException">It is not as the vault wrote it, or cannot be read.</exception>
    public byte[]? Read(string name, long longest)
    {
        lock (gate) return Checked(Head(), name, PrivateFile.Read(PathOf(name), longest));
    }

    /// <summary>For those who only look: checked where the vault is open, else as it lies there.</summary>
    /// <exception cref="VaultFileException">It is not as the vault wrote it, or cannot be read.</exception>
    public byte[]? Look(string name, long longest)
    {
        lock (gate) return master() is null ? PrivateFile.Read(PathOf(name), longest) : Read(name, longest);
    }

    /// <returns>Names of the files in a folder: those that the vault wrote, and those that lie there.</returns>
    /// <exception cref="VaultFileException">The head is not as the vault wrote it.</exception>
    public IReadOnlyList<string> NamesIn(string part, string ending)
    {
        lock (gate)
        {
            var there = FilesIn(part, ending);
            var known = master() is null ? [] : Head().Files.Keys.Where(n => n.StartsWith(part + "/", StringComparison.Ordinal) && n.EndsWith(ending, StringComparison.Ordinal));
            return [.. there.Union(known).Order(StringComparer.Ordinal)];
        }
    }

    /// <returns>Names of what lies in a folder, whoever has written it.</returns>
    public IReadOnlyList<string> FilesIn(string part, string ending) =>
        Directory.Exists(PathOf(part)) ? [.. Directory.EnumerateFiles(PathOf(part), "*" + ending).Select(f => $"{part}/{Path.GetFileName(f)}").Where(SealedHead.IsName)] : [];

    /// <summary>On the disk when it returns.</summary>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">What is there is not as the vault wrote it, or it cannot be written.</exception>
    public void Write(string name, byte[] content)
    {
        if (!SealedHead.IsName(name)) throw new ArgumentException("it is no name of a register", nameof(name));
        lock (gate)
        {
            var head = Head();
            var (was, becomes) = (SealedHead.HashOf(Checked(head, name, PrivateFile.Read(PathOf(name), long.MaxValue))), SealedHead.HashOf(content));
            if (was == becomes) return;
            head = WriteHead(head.Number + 1, head.With(name, was, becomes));
            PrivateFile.MakeFolder(Path.GetDirectoryName(PathOf(name))!);
            PrivateFile.Replace(PathOf(name), content);
            Shredding.Sync(Path.GetDirectoryName(PathOf(name))!);
            WriteHead(head.Number + 1, head.With(name, becomes));
        }
    }

    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">What is there is not as the vault wrote it, or it cannot be removed.</exception>
    public void Remove(string name)
    {
        lock (gate)
        {
            var head = Head();
            var was = SealedHead.HashOf(Checked(head, name, PrivateFile.Read(PathOf(name), long.MaxValue)));
            if (was.Length == 0) return;
            head = WriteHead(head.Number + 1, head.With(name, was, ""));
            File.Delete(PathOf(name));
            Shredding.Sync(Path.GetDirectoryName(PathOf(name))!);
            WriteHead(head.Number + 1, head.With(name, ""));
        }
    }

    /// <summary>What is not as the vault wrote it; empty where all is.</summary>
    public IReadOnlyList<string> Problems()
    {
        lock (gate)
        {
            var problems = new List<string>();
            try
            {
                var head = Head();
                foreach (var name in head.Files.Keys)
                {
                    try
                    {
                        _ = Read(name, long.MaxValue);
                    }
                    catch (VaultFileException e)
                    {
                        problems.Add(e.Message);
                    }
                }
            }
            catch (VaultFileException e)
            {
                problems.Add(e.Message);
            }

            return problems;
        }
    }

    /// <summary>Puts aside what is not as the vault wrote it (.refused), and goes on without: what it decided must be decided anew by people.</summary>
    /// <param name="all">Names of all files that may be there.</param>
    /// <param name="isLost">Whether one that is as it was written is of no use any more.</param>
    /// <returns>What was put aside, or is gone.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">It cannot be written.</exception>
    public IReadOnlyList<string> Renew(IEnumerable<string> all, Func<string, bool> isLost)
    {
        lock (gate)
        {
            var opened = Opened();
            var head = SealedHead.Parse(PrivateFile.Read(HeadPath, SealedHead.Longest) ?? []) is { } there && there.IsOf(opened) ? there : null;
            var (files, aside) = (new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), new List<string>());
            foreach (var name in all.Union(head?.Files.Keys ?? []).Where(SealedHead.IsName).Order(StringComparer.Ordinal))
            {
                var hash = SealedHead.HashOf(PrivateFile.Read(PathOf(name), long.MaxValue));
                if (head?.Of(name).Contains(hash) == true && !(hash.Length > 0 && isLost(name)))
                {
                    if (hash.Length > 0) files[name] = [hash];
                    continue;
                }

                aside.Add(name);
                if (hash.Length > 0) Shredding.Move(PathOf(name), PathOf(name) + ".refused");
            }

            WriteHead(Math.Max(head?.Number ?? 0, _seen) + 1, files);
            return aside;
        }
    }

    /// <summary>The first head of a vault, written before its master is: without a head nothing is believed.</summary>
    /// <exception cref="VaultFileException">It cannot be written.</exception>
    internal void Begin(LockedBytes newMaster)
    {
        _seen = 0;
        PrivateFile.Replace(HeadPath, SealedHead.Of(1, new Dictionary<string, IReadOnlyList<string>>(), newMaster).Write());
        Shredding.Sync(folder);
    }

    /// <summary>What a crash has left between the file as it was and as it was to be is decided by what is there.</summary>
    internal void Settle()
    {
        if (SealedHead.Parse(PrivateFile.Read(HeadPath, SealedHead.Longest) ?? []) is not { } head || master() is not { } opened || !head.IsOf(opened)) return;
        foreach (var (name, hashes) in head.Files.Where(f => f.Value.Count > 1).ToList())
        {
            var hash = SealedHead.HashOf(PrivateFile.Read(PathOf(name), long.MaxValue));
            if (hashes.Contains(hash)) head = WriteHead(head.Number + 1, head.With(name, hash));
        }
    }

    /// <summary>Authenticates the head with a new master.</summary>
    /// <returns>False where it is of neither.</returns>
    /// <exception cref="VaultFileException">It cannot be read or written.</exception>
    internal bool Reseal(LockedBytes old, LockedBytes now)
    {
        if (SealedHead.Parse(PrivateFile.Read(HeadPath, SealedHead.Longest) ?? []) is not { } head) return false;
        if (head.IsOf(now)) return true;
        if (!head.IsOf(old)) return false;
        PrivateFile.Replace(HeadPath, SealedHead.Of(head.Number, head.Files, now).Write());
        Shredding.Sync(folder);
        return true;
    }

    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">It is not as the vault wrote it, or cannot be read.</exception>
    internal SealedHead Head()
    {
        var opened = Opened();
        var head = SealedHead.Parse(PrivateFile.Read(HeadPath, SealedHead.Longest) ?? throw new VaultFileException($"{HeadPath} is gone, which tells what the vault's registers must hold: {Remedy}"));
        if (head?.IsOf(opened) != true) throw new VaultFileException($"{HeadPath} was changed by other means than trafficflow, or is of another vault: {Remedy}");
        if (head.Number < _seen) throw new VaultFileException($"{HeadPath} was put back in an older form (change {head.Number}, and {_seen} was written): {Remedy}");
        _seen = head.Number;
        return head;
    }

    private LockedBytes Opened() => master() ?? throw new VaultKeyException("the vault is locked, and what is held, trusted and under way cannot be checked: trafficflow vault unlock opens it");

    private byte[]? Checked(SealedHead head, string name, byte[]? content)
    {
        var may = head.Of(name);
        if (may.Contains(SealedHead.HashOf(content))) return content;
        throw new VaultFileException(
            content is null ? $"{PathOf(name)} is gone, and the vault wrote one: {Remedy}"
            : may is [""] ? $"{PathOf(name)} was not written by this vault, and nothing is done by it: find out who has put it there, and remove it"
            : $"{PathOf(name)} was changed, or put back in an older form, by other means than trafficflow: {Remedy}");
    }

    private SealedHead WriteHead(long number, IReadOnlyDictionary<string, IReadOnlyList<string>> files)
    {
        var head = SealedHead.Of(number, files, Opened());
        PrivateFile.Replace(HeadPath, head.Write());
        Shredding.Sync(folder);
        _seen = number;
        return head;
    }
}
