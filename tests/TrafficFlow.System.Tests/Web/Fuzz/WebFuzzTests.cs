using Xunit;

namespace TrafficFlow.SystemTests.Web.Fuzz;

public sealed class WebFuzzTests
{
    /// <summary>The benchmark web-fuzz fires a hundred thousand, and others each time.</summary>
    [Fact]
    public async Task Two_thousand_odd_requests_find_no_fault_and_nothing_of_what_is_inside()
    {
        await using var host = await FuzzedHost.StartAsync();

        var result = await WebFuzz.RunAsync(host, seed: 13, count: 2_000, TestContext.Current.CancellationToken);

        Assert.True(result.Findings.Count == 0, string.Join('\n', result.Findings));
        // That they come further than the door, and are of every kind.
        Assert.All(new[] { 200, 400, 401, 403, 404 }, status => Assert.True(result.Statuses.GetValueOrDefault(status) > 10, $"{status}: {string.Join(", ", result.Statuses)}"));
    }
}
