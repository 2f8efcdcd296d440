using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Alerts;

/// <summary>
/// What somebody was told already, so that it is told once, over restarts too: the private file custody/alerts.json. A damaged one is begun anew, and things are told again. What another node reports has names of its own, of one
/// length, and room of its own: however many it makes up, nothing of this node is forgotten for them. Not thread-safe.
/// </summary>
public sealed class SentAlerts
{
    private const string Folder = "custody";
    private const string FileName = "alerts.json";
    private const long LongestFile = 4L * 1024 * 1024;
    private const int Most = 10_000;
    private const int MostReported = 8_000;
    private const int MostReportedByOne = 400;
    private const string Reported = "reported ";

    private readonly string _folder;
    private ImmutableDictionary<string, DateTimeOffset> _sent;

    public SentAlerts(string dataFolder)
    {
        _folder = Path.Combine(dataFolder, Folder);
        _sent = Load();
    }

    private string File => Path.Combine(_folder, FileName);

    /// <summary>Name of what another node reports.</summary>
    /// <param name="node">HOST:PORT.</param>
    /// <param name="id">Of the alert, of any length.</param>
    public static string Of(string channel, string node, string id) => $"{PrefixOf(channel, node)}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..32]}";

    /// <summary>How much that this node reports was told by a channel since then.</summary>
    public int CountOf(string channel, string node, DateTimeOffset since)
    {
        var prefix = PrefixOf(channel, node);
        return _sent.Count(s => s.Value >= since && s.Key.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static string PrefixOf(string channel, string node) => $"{Reported}{channel} {node.Replace(' ', '_')} ";

    /// <param name="id">Of the alert and the channel.</param>
    public bool Has(string id) => _sent.ContainsKey(id);

    /// <exception cref="VaultFileException">It cannot be written: it will be told again after a restart.</exception>
    public void Add(string id, DateTimeOffset now)
    {
        _sent = _sent.SetItem(id, now);
        if (!id.StartsWith(Reported, StringComparison.Ordinal))
        {
            Keep(Most, k => !k.StartsWith(Reported, StringComparison.Ordinal));
        }
        else
        {
            var prefix = id[..(id.LastIndexOf(' ') + 1)];
            Keep(MostReportedByOne, k => k.StartsWith(prefix, StringComparison.Ordinal));
            Keep(MostReported, k => k.StartsWith(Reported, StringComparison.Ordinal));
        }

        PrivateFile.MakeFolder(_folder);
        PrivateFile.Replace(File, JsonSerializer.SerializeToUtf8Bytes(_sent));
    }

    /// <summary>The newest of them.</summary>
    private void Keep(int most, Func<string, bool> isOne)
    {
        var all = _sent.Where(s => isOne(s.Key)).ToList();
        if (all.Count > most) _sent = _sent.RemoveRange(all.OrderBy(s => s.Value).Take(all.Count - most).Select(s => s.Key));
    }

    private ImmutableDictionary<string, DateTimeOffset> Load()
    {
        try
        {
            return PrivateFile.Read(File, LongestFile) is { } content ? JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(content)!.ToImmutableDictionary() : ImmutableDictionary<string, DateTimeOffset>.Empty;
        }
        catch (Exception e) when (e is VaultFileException or JsonException)
        {
            return ImmutableDictionary<string, DateTimeOffset>.Empty;
        }
    }
}
