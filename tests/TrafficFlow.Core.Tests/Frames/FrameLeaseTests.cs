using TrafficFlow.Core.Frames;
using Xunit;

namespace TrafficFlow.Core.Tests.Frames;

/// <summary>Several readers of one picture.</summary>
public sealed class FrameLeaseTests
{
    private readonly FramePool _pool = new(12, 4);

    [Fact]
    public void The_pool_gets_the_buffer_back_with_the_last_reader_and_once_only()
    {
        var frame = Frame();
        var (one, another) = (frame.Lend(), frame.Lend());
        var third = one.Lend();

        foreach (var reader in (AnonymizedFrame[])[frame, third, one])
        {
            reader.Dispose();
            reader.Dispose();
            Assert.Equal(1, _pool.Rented);
        }

        another.Dispose();
        another.Dispose();
        Assert.Equal(0, _pool.Rented);
        using var next = Frame();
        Assert.Equal((1, 1), (_pool.Made, _pool.Rented));
    }

    [Fact]
    public void All_readers_see_the_same_pixels_and_the_same_moment()
    {
        using var frame = Frame();
        using var lent = frame.Lend();

        Assert.Equal((frame.Address, frame.Index, frame.EventTime, frame.IsDamaged), (lent.Address, lent.Index, lent.EventTime, lent.IsDamaged));
        Assert.True(lent.IsDamaged);
    }

    [Fact]
    public void A_reader_that_has_released_the_picture_can_neither_read_nor_lend_it_while_others_can()
    {
        var frame = Frame();
        using var lent = frame.Lend();
        frame.Dispose();

        Assert.Throws<ObjectDisposedException>(() => frame.Pixels.Length);
        Assert.Throws<ObjectDisposedException>(() => frame.Address);
        Assert.Throws<ObjectDisposedException>(frame.Lend);
        Assert.Equal(12, lent.Pixels.Length);
    }

    [Fact]
    public async Task Readers_that_release_at_the_same_moment_return_the_buffer_once()
    {
        for (var round = 0; round < 200; round++)
        {
            var frame = Frame();
            AnonymizedFrame[] readers = [frame, .. Enumerable.Range(0, 7).Select(_ => frame.Lend())];
            using var together = new Barrier(readers.Length);
            await Task.WhenAll(readers.Select(reader => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    reader.Dispose();
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.Equal(0, _pool.Rented);
        }

        Assert.Equal(1, _pool.Made);
    }

    private AnonymizedFrame Frame() => new(_pool, _pool.Rent(), 2, 2, 7, DateTimeOffset.UnixEpoch) { IsDamaged = true };
}
