using System.Collections.Concurrent;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Retention;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Membership;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Authorization;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Hosting;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.SystemTests.Vault.Remote;

/// <summary>A server and a roadside node in one cluster, over a real socket with TLS. The roadside node has recorded; whatever crosses between the two about it is kept as the bytes that it was.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    private static readonly HealthSettings s_often = new() { ReportInterval = TimeSpan.FromMilliseconds(200), SilentAfter = TimeSpan.FromSeconds(2), SaveInterval = TimeSpan.FromMilliseconds(200) };

    private readonly SettingsFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private readonly TwoPersonRule _policy;
    private HostedActorSystem _server = null!;
    private HostedActorSystem _roadside = null!;
    private AuditLog _roadsideLog = null!;
    private AuditLog _serverLog = null!;
    private NodeVault _serverVault = null!;
    private NodeVault _roadsideVault = null!;
    private VaultAnswers _roadsideAnswers = null!;
    private VaultAnswers _serverAnswers = null!;

    private TwoNodes(TwoPersonRule policy) => _policy = policy;

    public static Site Site => SyntheticJunction.Site;

    public static CameraId Camera => Site.Cameras[0].Id;

    /// <summary>Of the first segment; a day ago, so that nothing of it is still to come.</summary>
    public static DateTimeOffset Noon { get; } = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-1).AddHours(12), TimeSpan.Zero);

    /// <summary>What the segments hold, in clear.</summary>
    public List<(SegmentPlace Place, byte[] Content)> Recorded { get; } = [];

    public Overheard Link { get; private set; } = null!;

    public ClusterRecordings Cluster { get; private set; } = null!;

    public RecordingDesk Desk => new(Cluster, () => [Site]);

    /// <summary>As the pages of the roadside node itself ask it: without any cluster.</summary>
    public ClusterRecordings RoadsideAlone => new("roadside", isServer: false, _roadsideVault, _roadsideAnswers, () => null, () => null);

    public RecordingVault RoadsideVault => _roadsideVault.Vault!;

    public RecordingVault ServerVault => _serverVault.Vault!;

    public ApprovalStore ServerApprovals { get; private set; } = null!;

    public ApprovalStore RoadsideApprovals { get; private set; } = null!;

    public string RoadsideName { get; private set; } = "";

    public string ServerName { get; private set; } = "";

    public string ServerData => Path.Combine(_folder.Path, "server");

    /// <summary>A folder on the same disk, of neither node.</summary>
    public string Beside => Directory.CreateDirectory(Path.Combine(_folder.Path, "beside")).FullName;

    public string RoadsideData => Path.Combine(_folder.Path, "roadside");

    /// <summary>Into the audit of the roadside node.</summary>
    public ConcurrentQueue<AuditEvent> RoadsideAudit { get; } = [];

    public bool RoadsideAuditWorks { get; set; } = true;

    /// <summary>What the roadside node does where its clock is confirmed.</summary>
    public Func<string, Principal, Task<VaultAnswer>> ConfirmClock { get; set; } = (_, _) => Task.FromResult(VaultAnswer.Done("confirmed"));

    /// <summary>Of the roadside node's disk, bytes.</summary>
    public long RoadsideMinFree { get; init; }

    /// <param name="sizes">Of the segments, bytes of pictures; each a minute, one after another.</param>
    public static async Task<TwoNodes> StartAsync(IReadOnlyList<int> sizes, VaultSettings? settings = null, TwoPersonRule policy = TwoPersonRule.Off, long minFree = 0)
    {
        var nodes = new TwoNodes(policy) { RoadsideMinFree = minFree };
        await nodes.StartAllAsync(sizes, settings);
        return nodes;
    }

    /// <summary>The key of a segment, as it is nowhere but in the vault's memory.</summary>
    public byte[] KeyOf(SegmentPlace place)
    {
        using var day = RoadsideVault.Keys.DayKey(place.Site, place.Camera, place.Day, make: false);
        using var file = File.OpenRead(FileOf(place));
        using var key = KeyWrap.Unwrap(day!, place.KeyName, SegmentHeader.Read(file)!.WrappedKey);
        return key!.Span.ToArray();
    }

    public string FileOf(SegmentPlace place) => Path.Combine(RoadsideVault.Keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + SegmentPlace.Ending);

    /// <summary>The roadside node loses its power.</summary>
    public Task KillRoadsideAsync() => _roadside.System.Terminate();

    public async ValueTask DisposeAsync()
    {
        await _roadside.DisposeAsync();
        await _server.DisposeAsync();
        _roadsideAnswers.Dispose();
        _serverAnswers.Dispose();
        await _roadsideVault.DisposeAsync();
        await _serverVault.DisposeAsync();
        await _roadsideLog.DisposeAsync();
        await _serverLog.DisposeAsync();
        _certificates.Dispose();
        _folder.Dispose();
    }

    private async Task StartAllAsync(IReadOnlyList<int> sizes, VaultSettings? settings)
    {
        var usual = settings ?? VaultSettings.Usual;
        var secret = _folder.Write("credential", Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        foreach (var data in new[] { ServerData, RoadsideData }) Directory.CreateDirectory(data);
        Record(secret, sizes);
        (_roadsideLog, _serverLog) = (await AuditLog.OpenAsync(RoadsideData, new AuditOptions(), TimeProvider.System), await AuditLog.OpenAsync(ServerData, new AuditOptions(), TimeProvider.System));
        RoadsideApprovals = Approvals(RoadsideData);
        ServerApprovals = Approvals(ServerData);
        var options = new SegmentStoreOptions { MinFreeBytes = 0 };
        _roadsideVault = new NodeVault(RoadsideData, "roadside", usual with { Credential = secret, Segments = options with { MinFreeBytes = RoadsideMinFree } }, RoadsideApprovals, () => [Site], () => RoadsideAuditWorks ? _roadsideLog : null, new TrustedClock(RoadsideData, () => true, TimeProvider.System), NullLogger.Instance, TimeProvider.System);
        _serverVault = new NodeVault(ServerData, "server", VaultSettings.Usual with { Segments = options }, ServerApprovals, () => [Site], () => _serverLog, new TrustedClock(ServerData, () => true, TimeProvider.System), NullLogger.Instance, TimeProvider.System);
        _roadsideAnswers = new VaultAnswers(_roadsideVault, () => [Site], hasCameras: true, new RoleAuthorization(NodeCommandRoles.For(usual)), RecordAsync, TimeProvider.System) { ConfirmClock = (reason, by) => ConfirmClock(reason, by) };
        _serverAnswers = new VaultAnswers(_serverVault, () => [Site], hasCameras: false, new RoleAuthorization(NodeCommandRoles.Table), _ => Task.FromResult(true), TimeProvider.System);
        Link = new Overheard(_roadsideAnswers);
        var journal = new SqliteJournal(Path.Combine(ServerData, "journal.db")) { MinFreeBytes = 0 };
        _server = await HostedActorSystem.StartAsync("trafficflow", NullLoggerFactory.Instance, akka => akka.WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Server], [], _certificates.Node("server")))
            .WithTrafficFlowJournal(journal).WithFlowTables(journal).WithApproachAggregators(Site).WithHealthBoard(isServer: true, s_often).WithRecordings(_serverAnswers));
        var server = Akka.Cluster.Cluster.Get(_server.System).SelfAddress;
        _roadside = await HostedActorSystem.StartAsync("trafficflow", NullLoggerFactory.Instance, akka => akka.WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Roadside], [server.ToString()], _certificates.Node("roadside", "roadside", Site.Id.Value)))
            .WithApproachProxy().WithHealthBoard(isServer: false, s_often).WithHealthReports(ReportAsync, s_often).WithRecordings(Link));
        Link.System = _roadside.System;
        var own = Akka.Cluster.Cluster.Get(_roadside.System).SelfAddress;
        RoadsideName = $"{own.Host}:{own.Port}";
        ServerName = $"{server.Host}:{server.Port}";
        Cluster = new ClusterRecordings(ServerName, isServer: true, _serverVault, _serverAnswers, () => _server.System, () => new HealthQuery(_server.Registry.Get<HealthBoardProxy>()));
        _roadsideVault.Start();
        _serverVault.Start();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_roadsideVault.Vault?.Keys.State != VaultState.Open || (await Cluster.PlacesAsync(Site.Id, limit.Token)).All.All(p => p.Node != RoadsideName || !p.IsMember || p.Cameras.Length == 0)) await Task.Delay(50, limit.Token);
    }

    private async Task<bool> RecordAsync(AuditEvent e)
    {
        await Task.Yield();
        if (RoadsideAuditWorks) RoadsideAudit.Enqueue(e);
        return RoadsideAuditWorks;
    }

    private void Record(string secret, IReadOnlyList<int> sizes)
    {
        using var vault = new RecordingVault(RoadsideData, "roadside", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), TimeProvider.System);
        using var credential = new CredentialSecret(File.ReadAllBytes(secret));
        vault.Keys.Create([SlotRequest.Of("unit", credential)]);
        foreach (var (size, i) in sizes.Select((s, i) => (s, i)))
        {
            var (content, from) = (RecordedVault.Content(size, i + 1), Noon.AddMinutes(i));
            using var writer = vault.Store.Begin(RecordedVault.Start(from, Camera.Value, Site.Id.Value));
            writer.Write(content);
            writer.Close(new SegmentEnd(from.AddMinutes(1), 600, 2));
            Recorded.Add((((SegmentWriter)writer).Place, content));
        }
    }

    private ApprovalStore Approvals(string data) => new(data, () => ApprovalRules.Default with { Policy = _policy }, by => new AppointedPerson($"person {by.Name}", true), TimeProvider.System);

    private static Task<NodeReport> ReportAsync(ActorSystem system) => Task.FromResult(new NodeReport(
        Akka.Cluster.Cluster.Get(system).SelfAddress.ToString(), ["roadside"], "1.0", TimeProvider.System.GetUtcNow(), null, [], [Site.Id],
        [.. Site.Cameras.Select(c => new CameraReport(new CameraStatus(Site.Id, c.Id, CameraState.Streaming, "", 1, 0, 5, 0, TimeProvider.System.GetUtcNow(), 0, 0, "", Core.Scene.SceneState.InPlace, ""), "motion", null, null))]));

    /// <summary>Hears every message about recordings on its way, as the bytes that it has there.</summary>
    internal sealed class Overheard(IRecordingsAnswers answers) : IRecordingsAnswers
    {
        private readonly ConcurrentQueue<byte[]> _messages = [];

        public ActorSystem System { get; set; } = null!;

        /// <summary>It takes questions, and answers none.</summary>
        public bool IsSilent { get; set; }

        public IReadOnlyList<byte[]> Messages => [.. _messages];

        public async Task<object?> AnswerAsync(IRecordingsQuestion question, string? from)
        {
            _messages.Enqueue(System.Serialization.Serialize(question));
            if (IsSilent) return null;
            var answer = await answers.AnswerAsync(question, from);
            if (answer is not null) _messages.Enqueue(System.Serialization.Serialize(answer));
            return answer;
        }
    }
}
