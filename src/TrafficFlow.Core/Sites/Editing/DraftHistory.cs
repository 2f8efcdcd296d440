using System.Collections.Immutable;

namespace TrafficFlow.Core.Sites.Editing;

/// <summary>A draft with the steps that led to it and those that were taken back. Immutable; bounded.</summary>
public sealed record DraftHistory(SiteDraft Now)
{
    public const int MostSteps = 300;

    private ImmutableList<SiteDraft> Past { get; init; } = [];

    private ImmutableList<SiteDraft> Future { get; init; } = [];

    public bool CanUndo => Past.Count > 0;

    public bool CanRedo => Future.Count > 0;

    /// <summary>A step on; what was taken back is gone. What changes nothing is no step.</summary>
    public DraftHistory Do(SiteDraft next)
    {
        if (next == Now) return this;
        var past = Past.Add(Now);
        return new DraftHistory(next) { Past = past.Count > MostSteps ? past.RemoveAt(0) : past };
    }

    public DraftHistory Undo() => CanUndo ? new DraftHistory(Past[^1]) { Past = Past.RemoveAt(Past.Count - 1), Future = Future.Add(Now) } : this;

    public DraftHistory Redo() => CanRedo ? new DraftHistory(Future[^1]) { Past = Past.Add(Now), Future = Future.RemoveAt(Future.Count - 1) } : this;
}
