using TrafficFlow.Core.Sites.Editing;

namespace TrafficFlow.Web.Pages.Editor;

/// <summary>Somebody was faster than a page, and it is to be decided what becomes of what it has drawn.</summary>
/// <param name="Began">What the page drew on.</param>
/// <param name="Mine">What it has drawn.</param>
/// <param name="Now">The file of now.</param>
/// <param name="Theirs">What others made of <paramref name="Began"/>, on top of <paramref name="Now"/>.</param>
/// <param name="Last">The version in force, where the file is another one.</param>
/// <param name="IsOwn">It was another page of the same account that changed the draft.</param>
/// <param name="Kept">What that one keeps; null for nothing.</param>
public sealed record Overtaking(SiteDraft Began, SiteDraft Mine, SiteFileNow Now, SiteDraft Theirs, SiteVersion? Last, bool IsOwn = false, KeptDraft? Kept = null)
{
    public static Overtaking OfFile(SiteDraft began, SiteDraft mine, SiteFileNow now, SiteVersion? last) => new(began, mine, now, now.Draft, last);

    /// <param name="state">The page's, as it was overtaken.</param>
    public static Overtaking OfDraft(EditorState state, SiteFileNow now, KeptDraft? kept) =>
        new(state.Keeper.Agreed ?? state.Began.Draft, state.History.Now, now, On(now, kept), null, IsOwn: true, kept);

    /// <summary>A draft on top of the file of now.</summary>
    public static SiteDraft On(SiteFileNow now, KeptDraft? kept) =>
        kept is null ? now.Draft : kept.Began == now.Version ? kept.Draft : DraftRebase.Rebase(kept.BeganDraft, kept.Draft, now.Draft, prefersMine: true).Draft;

    /// <summary>All that was drawn stands there already, as where another page of the account has saved it.</summary>
    public bool IsNothingLeft => Rebase(prefersMine: true) is { Conflicts.IsEmpty: true } rebased && rebased.Draft == Theirs;

    public RebasedDraft Rebase(bool prefersMine) => DraftRebase.Rebase(Began, Mine, Theirs, prefersMine);
}
