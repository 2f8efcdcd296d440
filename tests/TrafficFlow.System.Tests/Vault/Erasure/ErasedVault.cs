using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.SystemTests.Vault.Erasure;

/// <summary>Recordings of two sites, three cameras and three days, and who erases them.</summary>
internal sealed class ErasedVault : IDisposable
{
    public const int PerDay = 4;

    private readonly AuditKey _key = AuditKey.Create();

    public ErasedVault()
    {
        for (var day = 0; day < 3; day++)
        {
            foreach (var (site, camera) in new[] { ("kokandori", "cam1"), ("kokandori", "cam2"), ("harbour", "cam1") })
            {
                for (var minute = 0; minute < PerDay; minute++) Vault.Record(RecordedVault.Content(40_000, Contents.Count), Time(day, minute), camera, site);
            }
        }

        Vault.Clock.Move(TimeSpan.FromDays(2.5));
    }

    public RecordedVault Vault { get; } = new();

    private List<int> Contents { get; } = [];

    public LegalHolds Holds => new(Vault.Keys, Vault.Clock);

    public CopyLedger Copies => new(Vault.Keys, Vault.Clock);

    public MediumFacts Medium { get; set; } = new("ext4", false, null, "test");

    public AuditPublicKeys PublicKeys => AuditPublicKeys.Parse(_key.PublicPem);

    public string PublicPem => _key.PublicPem;

    public Eraser Eraser => new(Vault.Keys, Vault.Store, Vault.Recorded, Vault.Options, Holds, Copies, _key, "roadside-1", () => Medium, Vault.Clock);

    public static DateTimeOffset Time(int day, int minute) => RecordedVault.Noon.AddDays(day).AddMinutes(minute);

    public static EraseOrder Order(EraseScope scope) => new(scope, "a request of 2026-11-28", "tanaka", "account[custodian]:tanaka");

    public static EraseScope Kokandori(string? camera = null, DateTimeOffset? from = null, DateTimeOffset? to = null) => new(new SiteId("kokandori"), camera is null ? null : new CameraId(camera), from, to);

    public ErasureReceipt Receipt(string path) => ReceiptFile.Verify(File.ReadAllBytes(path), PublicKeys);

    public List<RecordedSegment> Left() => [.. Vault.Recorded.List().Where(s => s.State != SegmentState.Erased)];

    public void Dispose()
    {
        Vault.Dispose();
        _key.Dispose();
    }
}
