using TrafficFlow.Core.Recounting;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Web.Access;

namespace TrafficFlow.Web.Pages.Editor;

/// <summary>The site files of this node, for its editor. Nothing of them leaves with a secret in it. Thread-safe.</summary>
public interface ISiteEditor
{
    /// <returns>Null for a site that this node has no file of.</returns>
    SiteFileNow? Read(SiteId site);

    /// <returns>Why a version could not be written now, and what to do; empty where it could.</returns>
    string WhyReadOnly(SiteId site);

    /// <summary>What the file's own reader says of a draft: nothing is written.</summary>
    /// <param name="began">The file that the draft began from.</param>
    DraftCheck Check(SiteFileNow began, SiteDraft draft);

    /// <summary>Writes a new version and puts it in force as `ctl site reload` does, if the caller may do that.</summary>
    /// <param name="began">The file that the draft began from: where it is another one by now, nothing is written.</param>
    /// <param name="known">As for <see cref="Keep"/>: this draft is kept no longer, another page's is.</param>
    /// <param name="reason">Why, one line.</param>
    Task<SaveResult> SaveAsync(Caller caller, SiteFileNow began, SiteDraft draft, long known, string reason, CancellationToken cancellation);

    /// <summary>Makes an older version the newest one again; users, passwords and queries of cameras stay as they are now, but for <see cref="SiteFileNow.Regained"/>.</summary>
    /// <param name="began">As for <see cref="SaveAsync"/>.</param>
    Task<SaveResult> RestoreAsync(Caller caller, SiteFileNow began, int number, string reason, CancellationToken cancellation);

    /// <summary>Those that are kept, the newest first.</summary>
    IReadOnlyList<SiteVersion> Versions(SiteId site);

    /// <returns>Null where it is not kept, or cannot be read by now.</returns>
    SiteFileNow? Version(SiteId site, int number);

    /// <summary>What was found in the last minutes, counted again with a site as it may become; one at a time.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    Task RecountAsync(IReadOnlyList<Site> sites, Action<int, SiteRecount> done, CancellationToken cancellation);

    /// <summary>The empty street of a camera of this node as coarse edges, as it was when it was calibrated; none where none is kept.</summary>
    IReadOnlyList<EdgeStroke> Edges(CameraSetup camera);

    /// <summary>The draft that somebody has not saved yet; kept over reloads of the page and restarts of the node, for <see cref="KeptDraft.For"/>.</summary>
    KeptDraft? Draft(SiteId site, string account);

    /// <summary>Whose drafts there are beside one's own.</summary>
    IReadOnlyList<string> OthersDrawing(SiteId site, string account);

    /// <summary>Keeps a draft where no other page of the account has changed it. It waits for the disk, which a circuit's thread must not.</summary>
    /// <param name="draft">Null for none any more.</param>
    /// <param name="known">Number of the draft that the caller knows; 0 for none.</param>
    KeepResult Keep(SiteId site, string account, KeptDraft? draft, long known);
}

/// <summary>A site file as it is, or was.</summary>
/// <param name="Version">Hash of its bytes.</param>
/// <param name="File">Its name, without folders.</param>
/// <param name="Text">What it holds, without secrets.</param>
/// <param name="Site">As it is read; null where it has problems by now.</param>
/// <param name="Problem">Why it cannot be edited here, and what to do; empty where it can.</param>
public sealed record SiteFileNow(SiteId Id, string Version, string File, string Text, SiteDraft Draft, Site? Site, string Problem)
{
    /// <summary>With its secrets; of the node alone.</summary>
    public object? Source { get; init; }

    /// <summary>Of an older version: cameras whose user, password or query it would bring back, for their host or query is another one now. All others keep theirs of now.</summary>
    public IReadOnlyList<string> Regained { get; init; } = [];
}

/// <summary>What is wrong in a draft.</summary>
/// <param name="Key">Of the file, from the site on: cameras.cam1.gates.in.to. Empty for the whole.</param>
/// <param name="Fault">The same for a page in another language; null where there are no words for it.</param>
public sealed record DraftFault(string Key, string Text, string Remedy, SiteFault? Fault = null);

/// <param name="Site">As it would be; null where something is wrong.</param>
/// <param name="Text">What the file would hold, without secrets; null where that cannot be told.</param>
/// <param name="LostComments">Comments that would go with what was removed.</param>
public sealed record DraftCheck(IReadOnlyList<DraftFault> Faults, Site? Site, string? Text, IReadOnlyList<string> LostComments);

/// <param name="Number">From 1.</param>
/// <param name="By">The account; empty where nobody of this node did it.</param>
/// <param name="Kind">Of what happened.</param>
/// <param name="WasInForce">False where the node was stopped before it put the version in force. Those of former releases all were.</param>
public sealed record SiteVersion(int Number, string Version, string SiteHash, DateTimeOffset At, string By, VersionKind Kind, string Reason, bool WasInForce = true);

public enum VersionKind
{
    /// <summary>As it was found before the first change on a page.</summary>
    Found = 0,

    /// <summary>Somebody changed the file itself.</summary>
    ByHand = 1,
    Edited = 2,
    Restored = 3,
}

public abstract record SaveResult;

/// <param name="Report">What the reload said, for people.</param>
public sealed record DraftSaved(SiteVersion Version, string Report) : SaveResult;

/// <summary>The file is not what the draft began from any more.</summary>
public sealed record SavedByAnother(SiteFileNow Now, SiteVersion? Last) : SaveResult;

/// <summary>Nothing was changed.</summary>
public sealed record SaveRefused(string Reason, string Remedy) : SaveResult;

/// <param name="Began">Version of the file that it began from.</param>
/// <param name="BeganDraft">That version, as a draft.</param>
/// <param name="Number">Another one each time that it is kept; given by whoever keeps it.</param>
public sealed record KeptDraft(string Began, SiteDraft BeganDraft, SiteDraft Draft, DateTimeOffset At, long Number = 0)
{
    /// <summary>Behind its last change.</summary>
    public static readonly TimeSpan For = TimeSpan.FromDays(30);
}

public abstract record KeepResult;

/// <param name="Number">Of the draft; 0 for none.</param>
public sealed record DraftKept(long Number) : KeepResult;

/// <summary>Another page of the account was faster: nothing was changed.</summary>
/// <param name="Now">What is kept; null where it was saved or dropped there.</param>
public sealed record DraftOfAnotherPage(KeptDraft? Now) : KeepResult;

/// <summary>What was kept before still is.</summary>
public sealed record DraftNotKept(string Reason) : KeepResult;
