using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Web.Rest;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

public sealed class FlowsQueryTests
{
    private static readonly Site Berlin = SyntheticJunction.Site with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };

    [Theory]
    [InlineData("from=2026-05-01", "to", "to is missing")]
    [InlineData("from=2026-05-02&to=2026-05-01", "to", "to is not after from")]
    [InlineData("from=2026-05-01T06:00:00&to=2026-05-02", "from", "from is no time")]
    [InlineData("from=2026-05-01T06:03:00Z&to=2026-05-02", "from", "from lies inside a bin of 15 min")]
    [InlineData("from=1900-01-01&to=2026-05-02", "from", "before 2000")]
    [InlineData("from=2026-05-01&to=2500-01-01", "to", "after 2200")]
    [InlineData("from=2026-13-01&to=2026-05-02", "from", "is no time")]
    [InlineData("from=2026-05-01&to=2026-05-02&bin=7", "bin", "is no length")]
    [InlineData("from=2026-05-01&to=2026-05-02&bin=-5", "bin", "is no length")]
    [InlineData("from=2026-05-01&to=2026-05-02&approach=nord", "approach", "no approach of that name")]
    [InlineData("from=2026-05-01&to=2026-05-02&movement=%27;drop", "movement", "no movement")]
    [InlineData("from=2026-05-01&to=2026-05-02&class=tank", "class", "no such class")]
    [InlineData("from=2026-05-01&to=2026-05-02&cursor=00ff", "cursor", "no cursor")]
    [InlineData("from=2026-05-01&to=2026-05-02&limit=1000000", "limit", "no number of bins")]
    [InlineData("from=2026-05-01&to=2026-05-02&from=2026-05-01", "from", "comes twice")]
    [InlineData("from=2026-05-01&to=2026-05-02&form=2", "form", "no such parameter")]
    public void A_slip_is_told_by_its_parameter_with_what_to_do(string query, string parameter, string told)
    {
        Assert.Null(Read(query, out var problem));
        Assert.Equal((400, parameter), (problem!.Status, problem.Parameter));
        Assert.Contains(told, problem.Detail);
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void A_day_has_25_hours_where_the_clock_is_set_back_and_23_where_forward()
    {
        Assert.Equal(25, Bins("from=2026-10-25&to=2026-10-26&bin=60&approach=north").Count);
        Assert.Equal(23, Bins("from=2026-03-29&to=2026-03-30&bin=60&approach=north").Count);
        Assert.Equal(24, Bins("from=2026-05-01&to=2026-05-02&bin=60&approach=north").Count);
    }

    [Fact]
    public void Pages_join_without_a_gap_and_nothing_twice()
    {
        const string Query = "from=2026-10-24&to=2026-10-27&bin=15";
        var all = Bins(Query);
        var joined = new List<(ApproachId, Interval)>();
        string? cursor = null;
        do
        {
            var page = Bins(cursor is null ? Query : $"{Query}&cursor={cursor}");
            joined.AddRange(page.Take(100));
            cursor = page.Count > 100 ? FlowsPlace.Write(page[100].Approach, page[100].Bin.From) : null;
        }
        while (cursor is not null);

        Assert.Equal(4 * 73 * 4, all.Count);
        Assert.Equal(all, joined);
    }

    [Fact]
    public void A_million_bins_are_refused_but_in_pages()
    {
        var query = Read("from=2020-01-01&to=2026-01-01&bin=1", out _)!;

        Assert.Equal(400, query.TooMuch()!.Status);
        Assert.Contains("in pages", query.TooMuch()!.Remedy);
        Assert.Null(Read("from=2026-05-01&to=2026-06-01&bin=5", out _)!.TooMuch());
    }

    private static List<(ApproachId Approach, Interval Bin)> Bins(string query) => [.. Read(query, out _)!.Bins(new BinAlignment(Berlin.TimeZone))];

    private static FlowsQuery? Read(string query, out TrafficFlow.Web.Http.Problem? problem) => FlowsQuery.Read(Berlin, new QueryCollection(QueryHelpers.ParseQuery(query)), out problem);
}
