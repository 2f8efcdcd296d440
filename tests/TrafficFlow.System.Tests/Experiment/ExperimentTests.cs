using System.Net;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Accounts;
using Xunit;

namespace TrafficFlow.SystemTests.Experiment;

/// <summary>
/// A whole experiment under its guideline, from the first notice to the receipt of the last erasure: inspections, a request of the public, a disk that is carried, a look from afar, an operator who leaves. Two real nodes,
/// on a clock that goes over two months in minutes.
/// </summary>
[Collection(ProcessesCollection.Name)]
public sealed class ExperimentTests
{
    private static readonly DateTimeOffset s_first = new(2027, 4, 1, 9, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public async Task From_the_first_notice_to_the_last_receipt()
    {
        await using var place = await Installation.CreateAsync(Site, "live", s_first);
        var (roadside, server) = (place.Roadside, place.Server);

        // Before anything is measured: persons, keys, the notice.
        var accounts = AccountStore.Open(server.Data, new AheadClock(place));
        foreach (var (name, role) in new[] { ("hanako", Role.Custodian), ("jiro", Role.Custodian), ("taro", Role.Operator), ("saburo", Role.Operator) })
            await accounts.AcceptAsync((await accounts.CreateAsync(name, [role], "test")).Text, VaultFolder.GoodPassword);
        foreach (var (person, duty, name) in new[] { ("管理 花子", "custodian", "hanako"), ("管理 次郎", "custodian", "jiro"), ("操作 太郎", "operator", "taro"), ("操作 三郎", "operator", "saburo") })
            await place.RunAsync(server, "custody", "person", "appoint", person, "--duty", duty, "--account", name);
        foreach (var node in new[] { roadside, server }) await place.RunAsync(node, "vault", "init", "--credential", node.Credential);
        await place.RunAsync(server, "notice", "publish", "--site", place.Site);
        Assert.Contains("2027-04-01", await place.RunAsync(server, "notice", "list", "--site", place.Site));

        await place.StartAsync();
        await place.UntilAsync(() => Segments(roadside) > 2, "pictures are recorded");

        // Two weeks later the inspection is due.
        await place.GoToAsync(s_first.AddDays(14));
        using (var taro = await place.SignInAsync("taro"))
        {
            Assert.Contains("2027-04-15", await taro.TextAsync("/custody"));
        }

        // An operator leaves.
        using (var hanako = await place.SignInAsync("hanako"))
        using (var saburo = await place.SignInAsync("saburo"))
        {
            Assert.Equal(HttpStatusCode.OK, await saburo.StatusAsync("/custody"));
            await hanako.PostAsync("/custody/persons/dismiss", ("id", "a4"), ("effective", ""), ("reason", "契約満了"));
            Assert.Equal(HttpStatusCode.Redirect, await saburo.StatusAsync("/custody"));
            Assert.Null(await PageSession.TryAsync(place.Address, "saburo"));
        }

        await place.StopAsync();
    }

    private static int Segments(InstalledNode node) => Directory.Exists(Path.Combine(node.Data, "vault")) ? Directory.GetFiles(Path.Combine(node.Data, "vault"), "*.tfs", SearchOption.AllDirectories).Length : 0;

    private sealed class AheadClock(Installation place) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => place.Now;
    }

    private const string Site = """
        trafficflow.site {
          id = live, name = "産業道路 交差点", time-zone = "Asia/Tokyo"
          approaches { north {}, east {}, south {}, west {} }
          recording { record = on, segment = 5s }
          custody {
            operator { name { ja = "交通計測協議会", en = "Traffic Measurement Council" }, telephone = "044-000-0000" }
            purposes = [{ ja = "交通量の把握", en = "to know the traffic" }]
            experiment { from = "2027-04-01", until = "2027-05-31" }
            retention { pictures { max-age = 30d, keep-until = "2027-05-31" } }
            two-person-rule = both
            inspections { hand-carry-weeks = 2, each-working-day = off }
            requests { answer-within-days = 14 }
          }
          cameras {
            cam1 {
              source = "synthetic:north"
              frame { width = 320, height = 180, fps = 5 }
              detector = motion
              gates {
                in { from = [0.4778, 0.3960], to = [0.6668, 0.3952], forward = { enters = north } }
                through { from = [0.5605, 0.6958], to = [0.8056, 0.6943], forward = { exits = south } }
              }
            }
          }
        }

        """;
}
