using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.SystemTests.Vault.Segments;

/// <summary>A vault that is open, with segments of which every byte is known.</summary>
internal sealed class RecordedVault : IDisposable
{
    public static readonly SiteId Site = new("kokandori");
    public static readonly CameraId Camera = new("cam1");
    public static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new();
    private readonly CredentialSecret _credential = new(RandomNumberGenerator.GetBytes(32));

    public RecordedVault()
    {
        Keys = new VaultKeys(Place, Clock);
        Keys.Create([SlotRequest.Of("unit", _credential)]);
        Store = new SegmentStore(Keys, Options);
        Recorded = new RecordedSegments(Keys, Options);
    }

    public string Place => Path.Combine(_folder.Path, "vault");

    public VaultClock Clock { get; } = new();

    public SegmentStoreOptions Options { get; init; } = new() { MinFreeBytes = 0 };

    public VaultKeys Keys { get; private set; }

    public SegmentStore Store { get; private set; }

    public RecordedSegments Recorded { get; private set; }

    public UnlockSecret Secret => _credential;

    /// <summary>As a process that begins anew.</summary>
    /// <returns>What was recovered.</returns>
    public IReadOnlyList<string> Restart()
    {
        Keys.Dispose();
        Keys = new VaultKeys(Place, Clock);
        Keys.Unlock(_credential);
        Store = new SegmentStore(Keys, Options);
        Recorded = new RecordedSegments(Keys, Options);
        return Store.Recover();
    }

    public static SegmentStart Start(DateTimeOffset? from = null, string camera = "cam1", string site = "kokandori") =>
        new(new SiteId(site), new CameraId(camera), from ?? Noon, new FrameFormat(640, 360, 10), "0123456789abcdef", "built-in 4");

    public static byte[] Content(int bytes, int seed = 1)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <summary>Writes a whole segment, in pieces of odd sizes.</summary>
    public SegmentPlace Record(byte[] content, DateTimeOffset? from = null, string camera = "cam1", string site = "kokandori")
    {
        using var writer = Store.Begin(Start(from, camera, site));
        var piece = 1;
        for (var at = 0; at < content.Length; at += piece, piece = ((piece * 7) + 3) % 40_000) writer.Write(content.AsSpan(at, Math.Min(piece, content.Length - at)));
        writer.Close(new SegmentEnd((from ?? Noon).AddSeconds(60), 600, 2));
        return ((SegmentWriter)writer).Place;
    }

    public string FileOf(SegmentPlace place) => Path.Combine(Keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + SegmentPlace.Ending);

    public byte[] Read(SegmentPlace place)
    {
        using var pictures = Recorded.Open(place);
        using var copy = new MemoryStream();
        pictures.CopyTo(copy);
        return copy.ToArray();
    }

    public void Dispose()
    {
        Keys.Dispose();
        _credential.Dispose();
        _folder.Dispose();
    }
}
