using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Recounting;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.SiteEditing;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Authorization;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Editor;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Operations;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>A site file of a node, with the editor over it and all that the editor asks of a node.</summary>
internal sealed class EditedSite : IDisposable
{
    public static readonly SiteId Id = new("a");
    public static readonly ShapeRef Gate = new(ShapeKind.Gate, 0);
    public static readonly Caller Anna = new("anna", new HashSet<Role> { Role.Operator }, "session");

    private readonly SettingsFolder _folder = new();
    private readonly string _config;
    private IReadOnlyList<SiteSettings> _inForce;

    public EditedSite(string? text = null, TimeProvider? time = null)
    {
        Path = _folder.Write("site.conf", text ?? SettingsFolder.GoodSite);
        _config = _folder.Write("node.conf", "trafficflow.node { roles = [server], sites = [\"site.conf\"], data-directory = \"data\" }");
        _inForce = [SiteSettings.Load(Path, _config)];
        Time = time ?? TimeProvider.System;
        Editor = Start();
    }

    public string Path { get; }

    public string Data => System.IO.Path.Combine(_folder.Path, "data");

    public SiteEditor Editor { get; private set; }

    public List<AuditEvent> Recorded { get; } = [];

    public Site InForce => _inForce[0].Site;

    /// <summary>What a reload answers instead; null for reloading.</summary>
    public string? ReloadFails { get; set; }

    /// <summary>Called as the node reloads.</summary>
    public Action? Reloading { get; set; }

    public Func<CameraId, SeenFrames?> Seen { get; set; } = _ => null;

    private TimeProvider Time { get; }

    public string Text
    {
        get => File.ReadAllText(Path);
        set => File.WriteAllText(Path, value);
    }

    /// <summary>The node is started anew.</summary>
    public SiteEditor Start()
    {
        var gate = new CommandGate(new RoleAuthorization(NodeCommandRoles.Table), new NoTrail(), NullLogger<CommandGate>.Instance);
        Editor = new SiteEditor(new EditorNode(
            Data, _config, () => _inForce,
            (caller, target, run) => gate.RunAsync(CallerAudit.PrincipalOf(caller), ["site", "reload"], ReloadSites.Instance, target, run),
            _ => Task.FromResult(Reload()),
            e =>
            {
                Recorded.Add(e);
                return Task.CompletedTask;
            },
            camera => Seen(camera), _ => null, Time));
        Editor.Settle();
        return Editor;
    }

    public SiteFileNow Read() => Editor.Read(Id)!;

    public Task<SaveResult> SaveAsync(SiteFileNow began, SiteDraft draft, string reason, Caller? caller = null, long known = 0) =>
        Editor.SaveAsync(caller ?? Anna, began, draft, known, reason, TestContext.Current.CancellationToken);

    public static SiteDraft Moved(SiteFileNow began, double x) => began.Draft.With(began.Draft.Cameras[0].Move(Gate, 0, new PicturePoint(x, 0.6)));

    public void Dispose() => _folder.Dispose();

    private OperatorReply Reload()
    {
        Reloading?.Invoke();
        if (ReloadFails is { } why) return new CommandFailed(why, "mend it");
        _inForce = [SiteSettings.Load(Path, _config)];
        return new InspectionTables([]);
    }

    private sealed class NoTrail : IAuditTrail
    {
        public Task<long?> BeginAsync(RecordCommand command) => Task.FromResult<long?>(1);

        public void End(long number, string outcome)
        {
        }
    }
}
