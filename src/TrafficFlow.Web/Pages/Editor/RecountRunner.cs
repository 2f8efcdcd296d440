using TrafficFlow.Core.Recounting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Editor;

/// <summary>Counts again what one page draws, while somebody looks at it. Of one circuit; not thread-safe.</summary>
/// <param name="changed">What is below is another one.</param>
public sealed class RecountRunner(ISiteEditor editor, EditorState state, Action changed, TimeProvider time) : IAsyncDisposable
{
    /// <summary>So long nothing is drawn before it is counted.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _end = new();
    private CancellationTokenSource? _running;
    private bool _isSeen = true;
    private bool _isMissed;

    public SiteRecount? Before { get; private set; }

    /// <summary>Of the draft; null while it is wrong, or not counted yet.</summary>
    public SiteRecount? After { get; private set; }

    public bool IsRunning { get; private set; }

    /// <summary>What was being counted is counted no further. Where nobody looks it is done when somebody does again.</summary>
    public void Begin()
    {
        if (_isSeen) _ = RunAsync();
        else _isMissed = true;
    }

    /// <param name="isSeen">False while the page lies behind others.</param>
    public void See(bool isSeen)
    {
        _isSeen = isSeen;
        if (!isSeen || !_isMissed) return;
        _isMissed = false;
        Begin();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        if (_running is { } running) await running.CancelAsync();
        using var own = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        _running = own;
        try
        {
            await Task.Delay(Settled, time, own.Token);
            if (state.Began.Site is not { } now) return;
            List<Site> sites = state.Check.Site is { } drawn && state.IsChanged ? [now, drawn] : [now];
            IsRunning = true;
            changed();
            var counted = new SiteRecount?[2];
            await editor.RecountAsync(sites, (i, recount) => counted[i] = recount, own.Token);
            Before = counted[0];
            After = sites.Count > 1 ? counted[1] : state.Check.Site is null ? null : counted[0];
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            if (_running == own) (_running, IsRunning) = (null, false);
        }

        changed();
    }
}
