using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Recounting;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Web.Pages.Editor;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>However many pages are open, a site is counted again once in a while, and for nobody who does not look.</summary>
public sealed class SharedRecountTests : IDisposable
{
    private readonly TickedTime _time = new();
    private readonly EditedSite _site;
    private int _looks;

    public SharedRecountTests() => _site = new EditedSite(time: _time)
    {
        Seen = camera =>
        {
            Interlocked.Increment(ref _looks);
            return new SeenFrames(camera, new ScoreBands(0.1f, 0.5f, 0.5f), [new SeenFrame(DateTimeOffset.UnixEpoch.AddSeconds(_looks), [])]);
        },
    };

    [Fact]
    public async Task Pages_share_what_was_seen_and_what_was_counted_of_it()
    {
        var began = _site.Read();
        var drawn = _site.Editor.Check(began, EditedSite.Moved(began, 0.3)).Site!;

        var first = await CountAsync(began.Site!);
        var second = await CountAsync(_site.Read().Site!, drawn);
        var third = await CountAsync(began.Site!, drawn);

        Assert.Equal(1, _looks);
        Assert.Same(first[0], second[0]);
        Assert.Same(second[1], third[1]);
        Assert.NotSame(second[0], second[1]);
        // Both columns of a page are of the same boxes.
        Assert.Equal(second[0].Span, second[1].Span);

        _time.Tick();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (ReferenceEquals((await CountAsync(began.Site!))[0], first[0])) late.Token.ThrowIfCancellationRequested();
        Assert.Equal(2, _looks);
    }

    [Fact]
    public async Task A_page_behind_others_is_counted_when_it_comes_to_the_front()
    {
        var editor = new WatchedEditor(_site.Editor);
        var state = new EditorState(editor, _site.Read(), "anna", TimeProvider.System);
        RecountRunner? runner = null;
        var counted = new TaskCompletionSource();
        await using var recount = runner = new RecountRunner(
            editor, state,
            () =>
            {
                if (runner?.Before is not null) counted.TrySetResult();
            },
            _time);

        recount.See(false);
        recount.Begin();
        _time.Tick();
        Assert.Equal(0, editor.Recounts);

        recount.See(true);
        _time.Tick();
        await counted.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(1, editor.Recounts);
        recount.See(true);
        _time.Tick();
        Assert.Equal(1, editor.Recounts);
    }

    public void Dispose() => _site.Dispose();

    private async Task<List<SiteRecount>> CountAsync(params Site[] sites)
    {
        var counted = new List<SiteRecount>();
        await _site.Editor.RecountAsync(sites, (_, recount) => counted.Add(recount), TestContext.Current.CancellationToken);
        return counted;
    }
}
