using TrafficFlow.SystemTests.Support;
using TrafficFlow.Web.Pages.Periods;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>What is read with the document is taken by its circuit: once, soon, and never for something else.</summary>
public sealed class ReadAheadTests
{
    private readonly TickedTime _time = new();

    [Fact]
    public async Task What_was_begun_is_taken_once_and_for_nothing_else()
    {
        var ahead = new ReadAhead(_time);
        ahead.Begin("a", _ => Task.FromResult("figures"));

        Assert.Null(await TakeAsync(ahead, "b"));
        Assert.Equal("figures", await TakeAsync(ahead, "a"));
        Assert.Null(await TakeAsync(ahead, "a"));
    }

    [Fact]
    public async Task What_nobody_took_soon_is_forgotten()
    {
        var ahead = new ReadAhead(_time);
        ahead.Begin("a", _ => Task.FromResult("figures"));
        _time.Move(TimeSpan.FromSeconds(11));

        Assert.Null(await TakeAsync(ahead, "a"));
    }

    [Fact]
    public async Task What_failed_ahead_is_left_to_the_page()
    {
        var ahead = new ReadAhead(_time);
        ahead.Begin<string>("a", _ => throw new InvalidOperationException("the tables are away"));

        Assert.Null(await TakeAsync(ahead, "a"));
    }

    [Fact]
    public async Task Only_few_are_read_at_a_time()
    {
        var ahead = new ReadAhead(_time);
        var (begun, end) = (0, new TaskCompletionSource());
        for (var i = 0; i < 50; i++)
        {
            ahead.Begin(i, async _ =>
            {
                Interlocked.Increment(ref begun);
                await end.Task;
                return "figures";
            });
        }

        end.SetResult();
        for (var i = 0; i < 50; i++) await TakeAsync(ahead, i);
        Assert.Equal(8, begun);
    }

    private static Task<string?> TakeAsync(ReadAhead ahead, object key) => ahead.TakeAsync<string>(key, TestContext.Current.CancellationToken);
}
