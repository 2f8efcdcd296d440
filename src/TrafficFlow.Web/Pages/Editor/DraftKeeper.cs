using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;

namespace TrafficFlow.Web.Pages.Editor;

/// <summary>
/// Keeps what one page draws, behind its back: a disk is slow, and a step comes with each letter of a name. The newest draft is what is written, at most one each
/// <see cref="Pause"/>. It ends where another page of the account was faster, until the page knows of it. Thread-safe.
/// </summary>
public sealed class DraftKeeper(ISiteEditor editor, SiteId site, string account, TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;
    private Asked? _asked;
    private bool _isWriting;

    private sealed record Asked(KeptDraft? Draft);

    /// <summary>Something below is another one. On any thread.</summary>
    public event Action? Told;

    /// <summary>Number of the draft that is kept, as far as the page knows; 0 for none.</summary>
    public long Known { get; private set; }

    /// <summary>What was drawn in it; null for none.</summary>
    public SiteDraft? Agreed { get; private set; }

    /// <summary>Why the newest draft is not kept; empty where it is, or is about to be.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>What another page of the account did; null for nothing.</summary>
    public DraftOfAnotherPage? Overtaken { get; private set; }

    /// <summary>All is kept that the page has drawn.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate) return _asked is null && !_isWriting && Overtaken is null;
        }
    }

    /// <summary>The page knows what is kept, and goes on from there.</summary>
    /// <param name="kept">Null for nothing.</param>
    public void Know(KeptDraft? kept)
    {
        lock (_gate) (Known, Agreed, Overtaken, Problem, _asked) = (kept?.Number ?? 0, kept?.Draft, null, "", null);
    }

    /// <param name="draft">Null for none any more.</param>
    public void Keep(KeptDraft? draft)
    {
        lock (_gate)
        {
            _asked = new Asked(draft);
            Begin();
        }
    }

    /// <summary>Tries again what failed.</summary>
    public void Again()
    {
        lock (_gate) Begin();
    }

    /// <summary>All that was asked for is kept then, or cannot be.</summary>
    public async Task FlushAsync()
    {
        Task writing;
        lock (_gate)
        {
            Begin();
            _hurry.TrySetResult();
            writing = _writing;
        }

        await writing.ConfigureAwait(false);
        lock (_gate) _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Begin()
    {
        if (_isWriting || _asked is null || Overtaken is not null) return;
        _isWriting = true;
        _writing = Task.Run(WriteAsync);
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            Asked asked;
            long known;
            Task hurry;
            lock (_gate)
            {
                if (_asked is not { } newest || Overtaken is not null)
                {
                    _isWriting = false;
                    return;
                }

                (asked, known, hurry, _asked) = (newest, Known, _hurry.Task, null);
            }

            var result = editor.Keep(site, account, asked.Draft, known);
            bool isTold, isOver;
            lock (_gate) (isTold, isOver) = Take(asked, result);
            if (isTold) Told?.Invoke();
            if (isOver) return;
            await Task.WhenAny(Task.Delay(Pause, time), hurry).ConfigureAwait(false);
        }
    }

    private (bool IsTold, bool IsOver) Take(Asked asked, KeepResult result)
    {
        var problem = Problem;
        switch (result)
        {
            case DraftKept kept:
                (Known, Agreed, Problem) = (kept.Number, asked.Draft?.Draft, "");
                return (Problem != problem, false);
            case DraftOfAnotherPage other:
                (Overtaken, Problem, _isWriting) = (other, "", false);
                break;
            case DraftNotKept failed:
                (Problem, _isWriting) = (failed.Reason, false);
                break;
        }

        _asked ??= asked;
        return (Overtaken is not null || Problem != problem, true);
    }
}
