using System.Text;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Recounting;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Editor;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>The node behind the editor.</summary>
/// <param name="Files">The site files of now.</param>
/// <param name="Run">The one way to a command: authorised, recorded before and after.</param>
/// <param name="ReloadAsync">What `ctl site reload` does.</param>
/// <param name="Record">Into the node's audit.</param>
/// <param name="Seen">What a camera's detector found in the last minutes; null where that is not kept here.</param>
/// <param name="Scene">The calibrated scene of a camera; null where none is kept.</param>
internal sealed record EditorNode(
    string DataDirectory, string Config, Func<IReadOnlyList<SiteSettings>> Files, Func<Caller, string, Func<Task<OperatorReply>>, Task<OperatorReply>> Run,
    Func<CancellationToken, Task<OperatorReply>> ReloadAsync, Func<AuditEvent, Task> Record, Func<CameraId, SeenFrames?> Seen, Func<CameraSetup, byte[]?> Scene, TimeProvider Time);

/// <summary>Changes site files for the editor's pages: one at a time, each version kept, put in force as `ctl site reload` does, or put back.</summary>
internal sealed class SiteEditor(EditorNode node) : ISiteEditor
{
    private const int LongestReason = 300;
    private const string WriteRemedy = "keep the site file in a folder that the node's account may write, such as /var/lib/trafficflow/sites, and name it so in the node's settings (deploy/INSTALL.md)";

    private readonly SiteFiles _files = new(node.Config);
    private readonly SiteVersions _versions = new(node.DataDirectory);
    private readonly KeptDrafts _drafts = new(node.DataDirectory, node.Time);
    private readonly SemaphoreSlim _saving = new(1);
    private volatile Added? _added;
    private readonly SharedRecounts _recounts = new(node.Seen, node.Time);

    private sealed record Added(string File, string? Camera, string Name, SiteVersion? Version);

    public SiteFileNow? Read(SiteId site)
    {
        if (PathOf(site) is not { } path) return null;
        try
        {
            return _files.Read(site, path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new SiteFileNow(site, "", Path.GetFileName(path), "", new SiteDraft([], []), null, $"the site file cannot be read ({e.Message}): give the node's account the right to");
        }
    }

    public string WhyReadOnly(SiteId site)
    {
        try
        {
            // A file beside it is what a version begins as.
            if (PathOf(site) is { } path) FileDraft.Of(PlaceOf(path)).Dispose();
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{e.Message}; {WriteRemedy}";
        }
    }

    public DraftCheck Check(SiteFileNow began, SiteDraft draft) => _files.Check(began, draft, AddedIn(began)).Check;

    public async Task<SaveResult> SaveAsync(Caller caller, SiteFileNow began, SiteDraft draft, long known, string reason, CancellationToken cancellation)
    {
        var result = await ChangeAsync(caller, began, reason, VersionKind.Edited, "site edit", () =>
        {
            var (check, text) = _files.Check(began, draft, AddedIn(began));
            return check.Faults.Count > 0 || text is null ? (null, new SaveRefused($"{check.Faults[0].Key} {check.Faults[0].Text}".Trim(), check.Faults[0].Remedy)) : (Encoding.UTF8.GetBytes(text), null);
        }, cancellation).ConfigureAwait(false);
        // Whether or not the page is still there.
        if (result is DraftSaved) _drafts.Keep(began.Id, caller.Name, null, known);
        return result;
    }

    public Task<SaveResult> RestoreAsync(Caller caller, SiteFileNow began, int number, string reason, CancellationToken cancellation) =>
        ChangeAsync(caller, began, reason, VersionKind.Restored, $"site restore {number}", () =>
        {
            if (_versions.Text(began.Id, number) is not { } bytes) return (null, new SaveRefused($"version {number} is not kept any more", "choose another one"));
            var old = _files.Read(began.Id, ((SiteFiles.Source)began.Source!).Path, bytes);
            return old.Problem.Length > 0 ? (null, new SaveRefused(old.Problem, "choose another version")) : (Encoding.UTF8.GetBytes(_files.Renew(old, began).Text), null);
        }, cancellation);

    /// <summary>Says of versions that a node which was killed left behind whether they came into force: at its start, before anybody changes a file.</summary>
    public void Settle()
    {
        foreach (var site in node.Files().Select(f => f.Site.Id))
        {
            try
            {
                if (PathOf(site) is { } path) _versions.Settle(site, File.ReadAllBytes(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Whoever opens the editor is told of it.
            }
        }
    }

    // One that is just being saved is none yet.
    public IReadOnlyList<SiteVersion> Versions(SiteId site) => [.. _versions.Of(site).Where(v => v.WasInForce || _saving.CurrentCount > 0)];

    public SiteFileNow? Version(SiteId site, int number)
    {
        if (PathOf(site) is not { } path || _versions.Text(site, number) is not { } bytes) return null;
        var old = _files.Read(site, path, bytes);
        return old.Problem.Length == 0 && Read(site) is { Problem: "" } now ? old with { Regained = _files.Renew(old, now).Regained } : old;
    }

    public Task RecountAsync(IReadOnlyList<Site> sites, Action<int, SiteRecount> done, CancellationToken cancellation) => _recounts.RecountAsync(sites, done, cancellation);

    public IReadOnlyList<EdgeStroke> Edges(CameraSetup camera) => node.Scene(camera) is { } scene ? SceneStrokes.Of(camera, scene) : [];

    public KeptDraft? Draft(SiteId site, string account) => PathOf(site) is null ? null : _drafts.Of(site, account);

    public IReadOnlyList<string> OthersDrawing(SiteId site, string account) => PathOf(site) is null ? [] : _drafts.Others(site, account);

    public KeepResult Keep(SiteId site, string account, KeptDraft? draft, long known) =>
        PathOf(site) is null ? new DraftNotKept("this node has no file of the site any more") : _drafts.Keep(site, account, draft, known);

    /// <param name="make">What the file is to hold, or why it cannot.</param>
    private async Task<SaveResult> ChangeAsync(
        Caller caller, SiteFileNow began, string reason, VersionKind kind, string action, Func<(byte[]? Bytes, SaveRefused? Refused)> make, CancellationToken cancellation)
    {
        reason = Core.Texts.PlainText.Of(reason.Trim(), LongestReason);
        if (reason.Length == 0) return new SaveRefused("no reason is given", "say in a line why: whoever looks at the versions later reads it");
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            SaveResult result = new SaveRefused("nothing was done", "try again");
            // Authorisation and the record of the command are those of `ctl site reload`.
            var reply = await node.Run(caller, $"site {began.Id}", async () =>
            {
                // Once begun it goes on to its end, and is recorded: whoever waits for it may go.
                (var answer, result) = await WriteAsync(caller, began, reason, kind, make).ConfigureAwait(false);
                return answer;
            }).ConfigureAwait(false);
            if (reply is CommandFailed failed && result is SaveRefused) result = new SaveRefused(failed.Reason, failed.Remedy);
            var outcome = result switch
            {
                DraftSaved => "done",
                SavedByAnother => "refused: the file has another version by now",
                SaveRefused refused => $"refused: {refused.Reason}",
                _ => "failed",
            };
            var details = result is DraftSaved saved ? $"version {saved.Version.Number}, {began.Version} to {saved.Version.Version}: {reason}" : reason;
            await node.Record(CallerAudit.Of(caller, AuditKind.Change, action, $"site {began.Id}", details) with { Outcome = outcome }).ConfigureAwait(false);
            return result;
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task<(OperatorReply, SaveResult)> WriteAsync(
        Caller caller, SiteFileNow began, string reason, VersionKind kind, Func<(byte[]? Bytes, SaveRefused? Refused)> make)
    {
        try
        {
            if (PathOf(began.Id) is not { } path) return Refused(new SaveRefused("this node has no file of the site any more", "see the settings of the node"));
            var place = PlaceOf(path);
            var before = File.ReadAllBytes(place);
            if (SiteVersions.HashOf(before) != began.Version) return Overtaken(began.Id, path, before, null);

            var (bytes, refused) = make();
            if (bytes is null) return Refused(refused!);
            if (bytes.AsSpan().SequenceEqual(before)) return Refused(new SaveRefused("nothing is changed by it", "draw something first"));
            _versions.Settle(began.Id, before);
            _versions.KeepFound(began.Id, before, began.Site?.Hash ?? "", File.GetLastWriteTimeUtc(place));
            using var swap = new SiteFileSwap(place, before, bytes);
            var hash = _files.Read(began.Id, path, bytes).Site?.Hash ?? "";
            var version = _versions.Keep(began.Id, bytes, hash, node.Time.GetUtcNow(), caller.Name, kind, reason);
            try
            {
                if (!swap.Replace()) return Overtaken(began.Id, path, File.ReadAllBytes(place), version);
            }
            catch
            {
                _versions.Drop(began.Id, version.Number);
                throw;
            }

            return await PutInForceAsync(began.Id, swap, version).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused(new SaveRefused(e.Message, WriteRemedy));
        }
    }

    /// <summary>The file holds the version: it is reloaded, or put back.</summary>
    private async Task<(OperatorReply, SaveResult)> PutInForceAsync(SiteId site, SiteFileSwap swap, SiteVersion version)
    {
        var reply = await node.ReloadAsync(CancellationToken.None).ConfigureAwait(false);
        // Another file of the node may be wrong by now, which is no reason to leave this one half in force.
        if (reply is CommandFailed failed && node.Files().FirstOrDefault(f => f.Site.Id == site)?.Site.Hash != version.SiteHash)
        {
            var isBack = swap.PutBack();
            _versions.Drop(site, version.Number);
            return isBack ? Refused(new SaveRefused(failed.Reason, failed.Remedy))
                : Refused(new SaveRefused($"{failed.Reason}; the file itself was changed meanwhile, and was left so", failed.Remedy));
        }

        try
        {
            version = _versions.Confirm(site, version);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in force, and the file says so at the next start.
            version = version with { WasInForce = true };
        }

        return (reply, new DraftSaved(version, reply is CommandFailed late ? $"{late.Reason}; {late.Remedy}" : ""));
    }

    /// <param name="dropped">A version that does not come into force; null for none.</param>
    private (OperatorReply, SaveResult) Overtaken(SiteId site, string path, byte[] bytes, SiteVersion? dropped)
    {
        if (dropped is not null) _versions.Drop(site, dropped.Number);
        var now = _files.Read(site, path, bytes);
        return (new CommandFailed("the site file has another version by now", "look at it, and put the draft on top of it"), new SavedByAnother(now, _versions.Find(site, now.Version)));
    }

    private static (OperatorReply, SaveResult) Refused(SaveRefused refused) => (new CommandFailed(refused.Reason, refused.Remedy), refused);

    /// <summary>Each drag of a point asks again.</summary>
    private Func<string?, string, SiteVersion?> AddedIn(SiteFileNow began) => (camera, name) =>
    {
        var last = _added;
        if (last is not null && last.File == began.Version && last.Camera == camera && last.Name == name) return last.Version;
        _added = last = new Added(began.Version, camera, name, _versions.AddedIn(began.Id, camera, name));
        return last.Version;
    };

    private static string PlaceOf(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private string? PathOf(SiteId site) => node.Files().FirstOrDefault(f => f.Site.Id == site)?.File is { } file ? Path.GetFullPath(file) : null;
}
