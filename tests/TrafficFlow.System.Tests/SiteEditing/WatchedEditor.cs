using TrafficFlow.Core.Recounting;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Editor;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>The node's editor, of which a test sees and changes what a page asks for.</summary>
internal sealed class WatchedEditor(ISiteEditor node) : ISiteEditor
{
    private int _recounts;

    /// <summary>In place of the node's; called where the page calls it.</summary>
    public Func<KeptDraft?, long, KeepResult>? Keeping { get; set; }

    public int Recounts => Volatile.Read(ref _recounts);

    public KeepResult Keep(SiteId site, string account, KeptDraft? draft, long known) => Keeping is { } keeping ? keeping(draft, known) : node.Keep(site, account, draft, known);

    public Task RecountAsync(IReadOnlyList<Site> sites, Action<int, SiteRecount> done, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _recounts);
        return node.RecountAsync(sites, done, cancellation);
    }

    public SiteFileNow? Read(SiteId site) => node.Read(site);

    public string WhyReadOnly(SiteId site) => node.WhyReadOnly(site);

    public DraftCheck Check(SiteFileNow began, SiteDraft draft) => node.Check(began, draft);

    public Task<SaveResult> SaveAsync(Caller caller, SiteFileNow began, SiteDraft draft, long known, string reason, CancellationToken cancellation) =>
        node.SaveAsync(caller, began, draft, known, reason, cancellation);

    public Task<SaveResult> RestoreAsync(Caller caller, SiteFileNow began, int number, string reason, CancellationToken cancellation) =>
        node.RestoreAsync(caller, began, number, reason, cancellation);

    public IReadOnlyList<SiteVersion> Versions(SiteId site) => node.Versions(site);

    public SiteFileNow? Version(SiteId site, int number) => node.Version(site, number);

    public IReadOnlyList<EdgeStroke> Edges(CameraSetup camera) => node.Edges(camera);

    public KeptDraft? Draft(SiteId site, string account) => node.Draft(site, account);

    public IReadOnlyList<string> OthersDrawing(SiteId site, string account) => node.OthersDrawing(site, account);
}
