using TrafficFlow.Core.Recordings;
using Xunit;

namespace TrafficFlow.Core.Tests.Recordings;

public sealed class RecordingClockTests
{
    private static readonly DateTimeOffset Zero = new(2026, 11, 28, 7, 0, 0, TimeSpan.FromHours(9));
    private static readonly TimeSpan Frame = TimeSpan.FromSeconds(0.1);

    private readonly RecordingClock _clock = new(Zero);

    [Fact]
    public void A_file_begins_where_the_one_before_ended()
    {
        Read(_clock.Next(null), 60);

        Assert.Equal(new FilePlace(Zero.AddSeconds(60), Zero.AddSeconds(60), IsAfterGap: false), _clock.Next(null));
    }

    [Fact]
    public void The_rounding_of_a_thousand_files_to_frames_does_not_add_up()
    {
        for (var i = 0; i < 1000; i++) _clock.Ended(_clock.Next(null), _clock.End.AddSeconds(60), TimeSpan.FromSeconds(60.04), Frame);

        Assert.Equal(Zero.AddSeconds(60_040), _clock.End);
    }

    [Theory]
    [InlineData(58.5)]
    [InlineData(60)]
    [InlineData(61.9)]
    public void Names_that_are_a_second_off_break_no_track(double named)
    {
        Read(_clock.Next(Zero), 60);

        Assert.Equal(new FilePlace(Zero.AddSeconds(60), Zero.AddSeconds(60), IsAfterGap: false), _clock.Next(Zero.AddSeconds(named)));
    }

    [Fact]
    public void A_gap_that_names_tell_ends_all_tracks()
    {
        Read(_clock.Next(Zero), 60);

        Assert.Equal(new FilePlace(Zero.AddSeconds(90), Zero.AddSeconds(60), IsAfterGap: true), _clock.Next(Zero.AddSeconds(90)));
    }

    [Fact]
    public void What_two_files_both_hold_is_taken_from_the_first()
    {
        Read(_clock.Next(Zero), 60);

        var overlapping = _clock.Next(Zero.AddSeconds(50));
        Assert.Equal(new FilePlace(Zero.AddSeconds(50), Zero.AddSeconds(60), IsAfterGap: false), overlapping);
        Read(overlapping, 60);
        Assert.Equal(Zero.AddSeconds(110), _clock.Next(null).Start);
    }

    [Fact]
    public void A_file_that_is_held_by_another_moves_nothing_back()
    {
        Read(_clock.Next(Zero), 60);

        var inner = _clock.Next(Zero.AddSeconds(20));
        _clock.Ended(inner, inner.Start, TimeSpan.FromSeconds(10), Frame);

        Assert.Equal(Zero.AddSeconds(60), _clock.Next(null).Start);
    }

    [Fact]
    public void After_a_file_that_broke_off_the_next_begins_where_it_should_have_ended()
    {
        var place = _clock.Next(null);
        _clock.Broke(place, place.Start.AddSeconds(12), TimeSpan.FromSeconds(60));

        Assert.Equal(new FilePlace(Zero.AddSeconds(60), Zero.AddSeconds(60), IsAfterGap: true), _clock.Next(null));
    }

    [Fact]
    public void A_name_counts_more_than_the_guessed_length_of_a_lost_file()
    {
        var lost = _clock.Next(Zero);
        _clock.Broke(lost, lost.Start, TimeSpan.FromSeconds(60));

        Assert.Equal(new FilePlace(Zero.AddSeconds(45), Zero, IsAfterGap: true), _clock.Next(Zero.AddSeconds(45)));
    }

    private void Read(FilePlace place, double seconds) =>
        _clock.Ended(place, place.Start.AddSeconds(seconds), TimeSpan.FromSeconds(seconds), Frame);
}
