using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

/// <summary>A settings file of somebody else may lead to what has no end.</summary>
public sealed class EndlessFileTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/random")]
    public void A_device_that_is_included_is_not_read(string device)
    {
        var file = _folder.Write("site.conf", $"include \"{device}\"\n{SettingsFolder.GoodSite}");

        Assert.Equal("a", SiteSettings.Load(file).Site.Id.Value);
    }

    [Fact]
    public void Nor_is_one_that_a_link_leads_to()
    {
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "more.conf"), "/dev/zero");
        var file = _folder.Write("site.conf", $"include \"more.conf\"\n{SettingsFolder.GoodSite}");

        Assert.Equal("a", SiteSettings.Load(file).Site.Id.Value);
    }

    [Fact]
    public void Nor_a_file_again_and_again()
    {
        _folder.Write("more.conf", "a = 1\n");
        var file = _folder.Write("site.conf", string.Concat(Enumerable.Repeat("include \"more.conf\"\n", 101)) + SettingsFolder.GoodSite);

        var problem = Assert.Single(Assert.Throws<SettingsException>(() => SiteSettings.Load(file)).Problems);
        Assert.Equal((101, "more than 100 includes"), (problem.Line, problem.Text));
    }

    [Fact]
    public void A_key_of_a_megabyte_is_compared_with_no_other()
    {
        var key = new string('a', 1_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(Suggestion.Nearest(key, ["cameras", "detectors"]));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    public void Dispose() => _folder.Dispose();
}
