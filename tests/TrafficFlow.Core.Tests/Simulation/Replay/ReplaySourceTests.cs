using TrafficFlow.Core.Flow;
using TrafficFlow.Simulation.Replay;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation.Replay;

public sealed class ReplaySourceTests
{
    [Fact]
    public void A_source_says_what_is_played() =>
        Assert.Equal(
            new ReplaySource(
                null, 7, TimeSpan.FromMinutes(30), 50, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(37),
                TimeSpan.FromHours(2), TimeSpan.FromSeconds(10)),
            ReplaySource.Parse("replay:simulation?seed=7&period=30&speed=50&start=2026-03-01T00:00:00Z&phase=37&hours=2&coverage=10"));

    [Fact]
    public void A_start_keeps_the_offset_that_it_is_written_with() =>
        Assert.Equal(TimeSpan.FromHours(9), ReplaySource.Parse("replay:simulation?start=2026-03-01T00:00:00+09:00").Start.Offset);

    [Theory]
    [InlineData("replay:simulation", "replay:simulation")]
    [InlineData("replay:simulation?speed=2", "replay:simulation?speed=2")]
    [InlineData("replay:../data?speed=2", "replay:/srv/data?speed=2")]
    [InlineData("replay:/data", "replay:/data")]
    public void A_folder_is_relative_to_the_site_file(string source, string expected) =>
        Assert.Equal(expected, ReplaySource.ResolveFolder(source, "/srv/sites"));

    [Theory]
    [InlineData("replay:")]
    [InlineData("replay:?speed=2")]
    [InlineData("replay:simulation?speed=0.5")]
    [InlineData("replay:simulation?speed=1001")]
    [InlineData("replay:simulation?speed=fast")]
    [InlineData("replay:simulation?start=2026-03-01T00:00:00")]
    [InlineData("replay:simulation?start=2026-03-01")]
    [InlineData("replay:simulation?hours=0")]
    [InlineData("replay:simulation?hours=-1")]
    [InlineData("replay:simulation?coverage=0")]
    [InlineData("replay:simulation?phase=-1")]
    [InlineData("replay:simulation?sed=1")]
    [InlineData("replay:folder?seed=1")]
    public void A_source_that_makes_no_sense_is_refused_with_how_it_is_written(string source) =>
        Assert.EndsWith(ReplaySource.Form, Assert.Throws<ReplayScriptException>(() => ReplaySource.Parse(source)).Message);
}
