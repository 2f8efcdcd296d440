using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Benchmarks.VaultCrash;

/// <summary>What the worker said, and whether the vaults are as they must be after what befell it.</summary>
internal sealed class VaultLedger
{
    private readonly Dictionary<string, string> _closed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private readonly HashSet<string> _erased = new(StringComparer.Ordinal);
    private readonly HashSet<string> _confirmed = new(StringComparer.Ordinal);
    private readonly List<string> _named = [];

    /// <summary>Segments that were closed, said so, are meant to be kept, and are in neither vault.</summary>
    public int Lost { get; private set; }

    /// <summary>Segments that were erased, said so, and open.</summary>
    public int Readable { get; private set; }

    /// <summary>Files that nobody knows of, or findings of the vaults' own verification.</summary>
    public int Orphans { get; private set; }

    public int Closed => _closed.Count;

    public int ErasedCount => _erased.Count;

    public List<string> Told { get; } = [];

    public void Hear(string line)
    {
        switch (line.Split(' '))
        {
            case ["closed", var place, var hash]:
                _closed[place] = hash;
                break;
            case ["erasing", var vault, var place]:
                _named.Add($"{vault} {place}");
                _begun.Add($"{vault} {place}");
                break;
            case ["erased", var vault]:
                _erased.UnionWith(_named.Where(n => n.StartsWith(vault, StringComparison.Ordinal)));
                _named.Clear();
                break;
            case ["confirmed", var place]:
                _confirmed.Add(place);
                break;
            case ["problem", ..]:
                Told.Add(line);
                break;
        }
    }

    /// <summary>Something of the vaults themselves that must not be.</summary>
    public void Count(string problem)
    {
        Orphans++;
        Told.Add(problem);
    }

    /// <summary>The worker is gone: what it had begun may or may not have happened.</summary>
    public void Forget() => _named.Clear();

    public void Check(RecordingVault roadside, RecordingVault server)
    {
        var (here, there) = (OpenIn(roadside), OpenIn(server));
        foreach (var (place, hash) in _closed)
        {
            var found = here.GetValueOrDefault(place) ?? there.GetValueOrDefault(place);
            if (found == hash) continue;
            if (found is not null)
            {
                Lost++;
                Told.Add($"{place} opens with other pictures");
            }
            else if (!_begun.Contains($"{VaultWorker.Server} {place}") && (_confirmed.Contains(place) || !_begun.Contains($"{VaultWorker.Roadside} {place}")))
            {
                Lost++;
                Told.Add($"{place} was closed and is in neither vault");
            }
        }

        foreach (var gone in _erased)
        {
            var (vault, place) = (gone.Split(' ')[0], gone.Split(' ')[1]);
            if (vault == VaultWorker.Ending) continue;
            // Erased at the roadside it may be at the server, to which it was carried before.
            if (!(vault == VaultWorker.Roadside ? here : there).ContainsKey(place)) continue;
            Readable++;
            Told.Add($"{place} was erased in {vault} and opens");
        }

        Orphans += StrangersIn(roadside) + StrangersIn(server);
    }

    /// <summary>A vault that is erased as a whole keeps its receipts and, where a new one was begun, that one's files.</summary>
    public void CheckEnding(RecordingVault ending)
    {
        if (ending.Keys.State != VaultState.Open)
        {
            // Of a vault that was being made anew: nothing was ever sealed by it.
            foreach (var left in Directory.EnumerateFiles(ending.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Select(f => Path.GetRelativePath(ending.Folder, f)).Where(f => f != "registers.head" && f[0] != '.' && !f.StartsWith("receipts/", StringComparison.Ordinal))) Count($"left of a vault that was erased: {left}");
            return;
        }

        var open = OpenIn(ending);
        foreach (var gone in _erased.Where(e => e.StartsWith(VaultWorker.Ending, StringComparison.Ordinal) && open.ContainsKey(e.Split(' ')[1])))
        {
            Readable++;
            Told.Add($"{gone} was erased and opens");
        }

        Orphans += StrangersIn(ending);
    }

    private Dictionary<string, string> OpenIn(RecordingVault vault)
    {
        var open = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var finding in vault.Recorded.Verify())
        {
            Orphans++;
            Told.Add($"{finding.Where}: {finding.What}");
        }

        foreach (var segment in vault.Recorded.List().Where(s => s.State is SegmentState.Whole or SegmentState.Cut))
        {
            try
            {
                open[segment.Place.ToString()] = VaultWorker.HashOf(vault, segment.Place);
            }
            catch (Core.Segments.SegmentStoreException e)
            {
                Told.Add(e.Message);
            }
        }

        return open;
    }

    private int StrangersIn(RecordingVault vault)
    {
        var listed = vault.Recorded.List().Where(s => s.State is SegmentState.Whole or SegmentState.Cut).Select(s => s.Place.Name + SegmentPlace.Ending).ToHashSet(StringComparer.Ordinal);
        var strangers = Directory.EnumerateFiles(vault.Folder, "*", SearchOption.AllDirectories).Where(f => !IsKnown(Path.GetRelativePath(vault.Folder, f), listed)).ToList();
        Told.AddRange(strangers.Select(s => $"stranger {s}"));
        var unnamed = Unnamed(vault).ToList();
        Told.AddRange(unnamed);
        return strangers.Count + unnamed.Count;
    }

    /// <summary>Keys of bundles that are none, or have ended; and copies on disks that no bundle has made.</summary>
    private static IEnumerable<string> Unnamed(RecordingVault vault)
    {
        var bundles = vault.Exports;
        var keys = Path.Combine(vault.Folder, "exports") is var folder && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.key").Select(Path.GetFileNameWithoutExtension).ToHashSet() : [];
        foreach (var key in keys.Where(k => bundles.All(b => b.Bundle != k || b.IsEnded))) yield return $"the key of bundle {key} belongs to none";
        foreach (var bundle in bundles.Where(b => !b.IsEnded && !keys.Contains(b.Bundle))) yield return $"bundle {bundle.Bundle} has no key";
        var copies = vault.Copies.All.Where(c => c.Kind == CopyKind.Bundle).ToList();
        foreach (var copy in copies.Where(c => c.Ended is null && bundles.All(b => b.Copy != c.Id))) yield return $"{copy.Id} is of no bundle: {copy.Where}";
        foreach (var bundle in bundles.Where(b => copies.All(c => c.Id != b.Copy))) yield return $"bundle {bundle.Bundle} is in no ledger of copies";
    }

    private static bool IsKnown(string path, HashSet<string> listed)
    {
        var parts = path.Split('/');
        return parts switch
        {
            ["master.json" or "import.key" or "erased.key" or "registers.head" or "copies.json" or "holds.json" or "trusted.json"] => true,
            [var retired] => retired.StartsWith("import-", StringComparison.Ordinal) && retired.EndsWith(".key", StringComparison.Ordinal),
            ["erased", var month] => month[0] != '.' && month.EndsWith(".list", StringComparison.Ordinal),
            ["sites", _, "site.key"] or ["sites", _, _, _, "day.key" or "segments.log"] => true,
            ["sites", _, _, _, var segment] => listed.Contains(segment),
            ["receipts", var receipt] => receipt.EndsWith(".receipt", StringComparison.Ordinal),
            ["exports", var export] => export[0] != '.' && (export.EndsWith(".json", StringComparison.Ordinal) || export.EndsWith(".key", StringComparison.Ordinal)),
            ["imports", var confirmation] => confirmation[0] != '.' && confirmation.EndsWith(".confirmation", StringComparison.Ordinal),
            _ => false,
        };
    }
}
