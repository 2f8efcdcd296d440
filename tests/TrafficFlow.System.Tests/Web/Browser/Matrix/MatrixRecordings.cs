using System.Collections.Immutable;
using System.Diagnostics;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Web.Pages.Recordings;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>Recordings in every state, at a server, at a roadside node, and at one that is away; what plays is a real film from a real vault.</summary>
internal sealed class MatrixRecordings : IRecordings, IDisposable
{
    private const string Roadside = "roadside-1.example.jp:4053";

    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();
    private readonly RecordedVault _vault = new();
    private readonly SemaphoreSlim _recording = new(1);
    private readonly Dictionary<string, SealedSegment> _open = [];
    private byte[]? _film;

    /// <summary>Of which there are recordings: yesterday.</summary>
    public static DateOnly Day { get; } = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(s_now, MatrixSites.Heavy.TimeZone).DateTime).AddDays(-1);

    /// <summary>The node has gone: it answers nothing about what is open.</summary>
    public bool IsAway { get; set; }

    private static DateTimeOffset Midnight => new(Day.ToDateTime(TimeOnly.MinValue), MatrixSites.Heavy.TimeZone.GetUtcOffset(Day.ToDateTime(TimeOnly.MinValue)));

    public Task<RecordingPlaces> PlacesAsync(SiteId? site, CancellationToken cancellation) => Task.FromResult(new RecordingPlaces(
        [
            new RecordingPlace("server.example.jp:4053", IsHere: true, IsMember: true, null, []),
            new RecordingPlace(Roadside, IsHere: false, IsMember: true, s_now, [.. MatrixSites.Heavy.Cameras.Select(c => c.Id)]),
            new RecordingPlace("roadside-2.example.jp:4053", IsHere: false, IsMember: false, s_now.AddHours(-5), []),
        ],
        null));

    public async Task<PlaceAnswer<T>> AskAsync<T>(string place, IRecordingsQuestion question, CancellationToken cancellation)
        where T : class
    {
        if (IsAway && question is ReadRecording or OpenRecording) return new PlaceAnswer<T>(null, null, $"node {place} does not answer: nothing within 10 s");
        object? answer = question switch
        {
            ListRecordings list => new RecordingsListed([], place == Roadside && list.Site == MatrixSites.Heavy.Id ? [.. Segments().Where(s => s.From < list.To && s.Until > list.From)] : [], ""),
            DescribeVault => place == Roadside ? Full : Empty,
            DescribeKeeping => place == Roadside ? KeptFull : KeptEmpty,
            BeginVaultTask task => Begin(task),
            GetVaultFile file => new VaultFileFound(file.Id, [1, 2, 3]),
            OrderVault { Order: VaultOrder.Erase } => new VaultOrdered(VaultOrderOutcome.Waits, ["this takes two persons here: r4 is requested, and waits for another person's approval (page Custody) until 2026-12-01 09:00Z; then do the same once more. Nothing was done"], []),
            OrderVault => new VaultOrdered(VaultOrderOutcome.Done, ["hold-3: camera cam-north of site honmachi is kept until 2027-01-31 00:00Z"], []),
            OpenRecording open => await OpenAsync(open),
            ReadRecording read => new RecordingChunks(read.Chunk, [.. await _open[read.Play].ReadAsync(read.Chunk, read.Count, cancellation)]),
            _ => null,
        };
        return answer is RecordingsRefused refused ? new PlaceAnswer<T>(null, refused, null) : new PlaceAnswer<T>((T?)answer, null, null);
    }

    public void Dispose()
    {
        foreach (var segment in _open.Values) segment.Dispose();
        _vault.Dispose();
        _recording.Dispose();
    }

    private async Task<object> OpenAsync(OpenRecording open)
    {
        await _recording.WaitAsync();
        try
        {
            _film ??= await FilmAsync();
            var from = SegmentPlace.TimeOf(open.Name)!.Value;
            var place = SegmentPlace.Parse($"{open.Site}/{open.Camera}/{open.Name}")!;
            if (!File.Exists(_vault.FileOf(place))) place = _vault.Record(_film, from, open.Camera.Value, open.Site.Value);
            var segment = _vault.Recorded.OpenSealed(place, open.Viewer.AsSpan());
            var name = $"p{_open.Count}";
            _open[name] = segment;
            return new RecordingOpened(name, [.. segment.Head.SealedKey], [.. segment.Head.Context], [.. segment.Head.Prefix], segment.Head.SealedBytes, segment.Head.IsWhole, from, from.AddMinutes(1));
        }
        finally
        {
            _recording.Release();
        }
    }

    private static IEnumerable<ListedSegment> Segments()
    {
        foreach (var (camera, index) in MatrixSites.Heavy.Cameras.Select((c, i) => (c.Id, i)))
        {
            for (var minute = 6 * 60; minute < 21 * 60; minute++)
            {
                // The lunch break is erased, the evening of one camera missing, and an accident held.
                var state = minute is >= 720 and < 760 ? SegmentStanding.Erased : index == 1 && minute is >= 1000 and < 1020 ? SegmentStanding.Missing : minute == 549 + index ? SegmentStanding.Cut : SegmentStanding.Whole;
                if (index == 3 && minute is >= 800 and < 900) continue;
                var from = Midnight.AddMinutes(minute);
                yield return new ListedSegment(
                    camera, SegmentPlace.NameOf(from), state, from, from.AddSeconds(state == SegmentStanding.Cut ? 41 : 60), 1_234_567, 600, minute % 97 == 0 ? 7 : 0,
                    state == SegmentStanding.Erased ? "20261130T010203Z-1a2b3c4d" : "", minute is >= 540 and < 555 ? "交通事故の照会（高津警察署）" : "", from.AddDays(30));
            }
        }
    }

    private static readonly RecordingScope s_scope = new(MatrixSites.Heavy.Id, MatrixSites.Heavy.Cameras[0].Id, s_now.AddHours(-30), s_now.AddHours(-29));

    /// <summary>The last that a vault was told to do.</summary>
    public BeginVaultTask? Begun { get; private set; }

    private VaultOrdered Begin(BeginVaultTask task)
    {
        Begun = task;
        return task.Task == VaultTask.Confirm ? new VaultOrdered(VaultOrderOutcome.Refused, ["the confirmation says that server (52da-0011) gave it, which is not trusted here"], [])
            : task.Task == VaultTask.Verify ? new VaultOrdered(VaultOrderOutcome.Failed, ["honmachi/cam-north/20261130T091500.000Z  chunk 3 was changed", "NOT WHOLE: 1 findings in 14400 segments, 17.8 GB"], [])
            : new VaultOrdered(VaultOrderOutcome.Done, ["it has begun (t9) and goes on: the page shows how far it is, and what came of it"], []) { Task = "t9" };
    }

    private static KeepingDescribed KeptEmpty => new(
        "server.example.jp", "", 0, false, false, [], DiskShield.Encrypted, "/var/lib/trafficflow lies on /dev/mapper/data, dm-crypt (LUKS2)", [], null, null, [], [], [], s_now, "",
        [.. Enum.GetValues<KeptKind>().Select(k => new KeepRuleLine(MatrixSites.Heavy.Id, k, null, null, null))],
        [new EndLine("20261001T000000Z-0a0a0a0a", MatrixSites.Blind.Id, "実験期間の満了", "管理 花子", s_now.AddDays(-60), s_now.AddDays(-60), 7, [], ["20261001T000000Z-0a0a0a0a.report", "20261001T000000Z-0a0a0a0a.ja.pdf", "20261001T000000Z-0a0a0a0a.en.html"])], false, false);

    private static KeepingDescribed KeptFull => new(
        "roadside-1.example.jp", "0a1b-2c3d-4e5f-6071-8293-a4b5-c6d7-e8f9", 3, true, false,
        [new KeyWayLine("1a2b3c4d", KeyWayKind.Credential, "credential of the unit", s_now.AddDays(-90), 0, 0, s_now.AddMinutes(-12)), new KeyWayLine("5e6f7081", KeyWayKind.Shares, "管理責任者三名の封筒（市役所金庫・大学・業者）", s_now.AddDays(-90), 2, 3, null)],
        DiskShield.NotEncrypted, "/var/lib/trafficflow lies on /dev/nvme0n1p2, no layer of dm-crypt above it", [new SwapLine("/dev/nvme0n1p3", DiskShield.NotEncrypted), new SwapLine("/dev/zram0", DiskShield.NoDisk)], s_now.AddDays(-14), s_now,
        [new TrustedLine("server.example.jp", "52da-0011-4e5f-6071-8293-a4b5-c6d7-e8f9", "管理 花子", s_now.AddDays(-80), null), new TrustedLine("old-server", "99da-0011-4e5f-6071-8293-a4b5-c6d7-e8f9", "anna", s_now.AddDays(-200), s_now.AddDays(-80))],
        [new TakenInLine("trafficflow-20261021T090000Z-1a2b3c4d-1", "20261021T090000Z-1a2b3c4d", 1, "old-server", s_now.AddDays(-30), 5000), new TakenInLine("trafficflow-20261021T090000Z-1a2b3c4d-2", "20261021T090000Z-1a2b3c4d", 2, "", s_now.AddDays(-29), -1)],
        [
            new VaultTaskLine("t4", VaultTask.Export, "20261021T090000Z-1a2b3c4d, /mnt/trafficflow", "操作 太郎", s_now.AddMinutes(-4), null, VaultOrderOutcome.Done, [], 1234, 4400),
            new VaultTaskLine("t3", VaultTask.Verify, "", "anna", s_now.AddHours(-3), s_now.AddHours(-2), VaultOrderOutcome.Failed, ["honmachi/cam-north/20261130T091500.000Z  chunk 3 was changed", "NOT WHOLE: 1 findings in 14400 segments, 17.8 GB"], 14_400, 14_400),
            new VaultTaskLine("t2", VaultTask.Import, "/mnt/trafficflow", "操作 太郎", s_now.AddHours(-5), s_now.AddHours(-5), VaultOrderOutcome.Refused, ["/mnt/trafficflow holds volumes: name one of trafficflow-20261021T090000Z-1a2b3c4d-1"], 0, 0),
        ],
        s_now.AddDays(40), "the clock went ahead by 40 days, and nothing reaches its age by that: set it right (timedatectl set-ntp true), or look at it and say so: trafficflow custody clock confirm; what has reached its age is kept meanwhile",
        [
            new KeepRuleLine(MatrixSites.Heavy.Id, KeptKind.Pictures, TimeSpan.FromDays(14), new DateOnly(2027, 3, 31), s_now.AddHours(5)), new KeepRuleLine(MatrixSites.Heavy.Id, KeptKind.Journeys, TimeSpan.FromHours(36), null, null),
            new KeepRuleLine(MatrixSites.Heavy.Id, KeptKind.Counts, null, new DateOnly(2028, 3, 31), null), new KeepRuleLine(MatrixSites.Heavy.Id, KeptKind.Audit, null, null, null),
        ],
        [new EndLine("20261128T000000Z-1b1b1b1b", null, "end of the experiment", "管理 花子", s_now.AddDays(-2), null, 3, [new("持出し 20261021T090000Z-1a2b3c4d の媒体は受入れの確認が済んでいません。", "bundle 20261021T090000Z-1a2b3c4d is on disks, and not all of it was confirmed to be taken in")], [])], true, true);

    private static VaultDescribed Empty => new(VaultKeyState.Absent, "", "", null, 0, 0, 100L << 30, 231_400_000_000, 0, [], [], [], []);

    private static VaultDescribed Full => new(
        VaultKeyState.Open, "the key at hand does not open all recordings: site riverside", "m1", s_now.AddDays(-90), 14_400, 17_776_000_000, 100L << 30, 231_400_000_000, 1,
        [
            new HoldLine("hold-1", s_scope, "交通事故の照会（高津警察署）", "管理 花子", s_now.AddHours(-20), s_now.AddDays(60), null),
            new HoldLine("hold-2", s_scope with { Camera = null, From = null, To = null }, "evaluation of the counting accuracy by the university", "anna", s_now.AddDays(-80), s_now.AddDays(9), s_now.AddDays(-3)),
        ],
        [
            new CopyLine("copy-1", "bundle", new RecordingScope(MatrixSites.Heavy.Id), s_now.AddDays(-40), "操作 太郎", "bundle 20261021T090000Z-1a2b3c4d for server.example.jp, on disks that are carried by hand", s_now.AddDays(-10), null, ""),
            new CopyLine("copy-2", "export", s_scope, s_now.AddDays(-5), "anna", "in clear, /mnt/evidence/cam-north.mp4, handed to the police", s_now.AddDays(25), null, ""),
            new CopyLine("copy-3", "learning", s_scope, s_now.AddDays(-60), "anna", "university, project server", s_now.AddDays(-30), s_now.AddDays(-31), "wiped by Prof. Sato, letter of 30 October"),
        ],
        [
            new BundleLine("20261021T090000Z-1a2b3c4d", new RecordingScope(MatrixSites.Heavy.Id), "server.example.jp:4053 (52da-0011…)", s_now.AddDays(-40), "操作 太郎", "copy-1", [new VolumeLine(1, "erased", 5000), new VolumeLine(2, "written", 5000), new VolumeLine(3, "planned", 4400)],
                [
                    new HeightsLine(MatrixSites.Heavy.Id, new CameraId("cam-north"), 640, 360, 4.31, 6.02, "", 5000, 0),
                    new HeightsLine(MatrixSites.Heavy.Id, new CameraId("cam-south"), 640, 360, double.PositiveInfinity, 8.4, "", 4000, 120),
                    new HeightsLine(MatrixSites.Heavy.Id, new CameraId("cam-west"), 640, 360, null, null, "how large plates and faces are in the picture of cam-west cannot be said: it is not calibrated: survey ground points (trafficflow calibrate)", 1000, 0),
                ]),
        ],
        [
            new ReceiptLine("20261130T010203Z-1a2b3c4d", s_scope, "request q1", "管理 花子", s_now.AddHours(-10), 40, ""),
            new ReceiptLine("20261101T000000Z-99999999", new RecordingScope(), "", "", s_now.AddDays(-29), 0, "it was changed: the signature does not hold"),
        ]);

    private static async Task<byte[]> FilmAsync()
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=10:duration=60", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", "pipe:1"]) { RedirectStandardOutput = true })!;
        using var film = new MemoryStream();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(film);
        await ffmpeg.WaitForExitAsync();
        return film.ToArray();
    }
}
