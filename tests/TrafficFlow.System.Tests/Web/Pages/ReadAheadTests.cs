using TrafficFlow.SystemTests.Support;
using TrafficFlow.Web.Pages.Periods;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>What is read with the document is taken by its circuit: once, soon, and never for something else.</summary>
public sealed class ReadAheadTests
{
    private readonly TickedTime _time = new();
    private int _reads;

    [Fact]
    public async Task What_was_begun_is_taken_once()
    {
        var ahead = new ReadAhead(_time);
        ahead.Begin("a", Read);

        Assert.Equal(1, await ahead.ReadAsync("a", Read, TestContext.Current.CancellationToken));
        Assert.Equal(2, await ahead.ReadAsync("a", Read, TestContext.Current.CancellationToken));
        Assert.Equal(3, await ahead.ReadAsync("b", Read, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_nobody_took_soon_is_read_anew()
    {
        var ahead = new ReadAhead(_time);
        ahead.Begin("a", Read);
        _time.Move(TimeSpan.FromSeconds(11));

        Assert.Equal(7, await ahead.ReadAsync("a", _ => Task.FromResult(7), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_failed_ahead_is_read_again_and_told_then()
    {
        var ahead = new ReadAhead(_time);
        ahead.Begin<int>("a", _ => throw new InvalidOperationException("the tables are away"));

        Assert.Equal(1, await ahead.ReadAsync("a", Read, TestContext.Current.CancellationToken));
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
                return 0;
            });
        }

        end.SetResult();
        for (var i = 0; i < 50; i++) await ahead.ReadAsync(i, _ => Task.FromResult(1), TestContext.Current.CancellationToken);
        Assert.Equal(8, begun);
    }

    private Task<int> Read(CancellationToken cancellation) => Task.FromResult(Interlocked.Increment(ref _reads));
}
