using System.Collections.Immutable;
using System.Text.Json;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Alerts;

/// <summary>What somebody was told already, so that it is told once, over restarts too: the private file custody/alerts.json. A damaged one is begun anew, and things are told again. Not thread-safe.</summary>
public sealed class SentAlerts
{
    private const string Folder = "custody";
    private const string FileName = "alerts.json";
    private const long LongestFile = 4L * 1024 * 1024;
    private const int Most = 10_000;

    private readonly string _folder;
    private ImmutableDictionary<string, DateTimeOffset> _sent;

    public SentAlerts(string dataFolder)
    {
        _folder = Path.Combine(dataFolder, Folder);
        _sent = Load();
    }

    private string File => Path.Combine(_folder, FileName);

    /// <param name="id">Of the alert and the channel.</param>
    public bool Has(string id) => _sent.ContainsKey(id);

    /// <exception cref="VaultFileException">It cannot be written: it will be told again after a restart.</exception>
    public void Add(string id, DateTimeOffset now)
    {
        _sent = _sent.SetItem(id, now);
        if (_sent.Count > Most) _sent = _sent.RemoveRange(_sent.OrderBy(s => s.Value).Take(_sent.Count - Most).Select(s => s.Key));
        PrivateFile.MakeFolder(_folder);
        PrivateFile.Replace(File, JsonSerializer.SerializeToUtf8Bytes(_sent));
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
