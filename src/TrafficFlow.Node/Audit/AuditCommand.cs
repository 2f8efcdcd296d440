using System.CommandLine;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Node.Audit;

/// <summary>`trafficflow audit`: who did what, and whether the record of it is whole.</summary>
public static class AuditCommand
{
    private sealed record Filter(Option<string?> From, Option<string?> To, Option<string?> By, Option<string?> Kind, Option<string?> Action)
    {
        public static Filter Create() => new(
            new Option<string?>("--from") { Description = "From that day on (UTC), 2027-03-31, or an instant with its offset, 2027-03-31T18:00+09:00.", HelpName = "TIME" },
            new Option<string?>("--to") { Description = "Up to that day, inclusive, or before that instant.", HelpName = "TIME" },
            new Option<string?>("--by") { Description = "Of whose name or account this is a part.", HelpName = "TEXT" },
            new Option<string?>("--kind") { Description = $"Of one kind: {string.Join(", ", AuditKinds.All)}.", HelpName = "KIND" },
            new Option<string?>("--action") { Description = "Of whose action this is a part.", HelpName = "TEXT" });

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { From, To, By, Kind, Action }) command.Add(option);
        }

        public AuditFilter Read(ParseResult p) => new(
            p.GetValue(From) is { } from ? CommandTime.Begin("--from", from) : null,
            p.GetValue(To) is { } to ? CommandTime.End("--to", to) : null,
            p.GetValue(By),
            p.GetValue(Kind) is { } kind ? AuditKinds.Parse(kind) ?? throw new UsageException($"--kind {Core.Texts.PlainText.Of(kind, 40)}: {Settings.Suggestion.For(kind, [.. AuditKinds.All], "kinds")}") : null,
            p.GetValue(Action));
    }

    public static Command Create()
    {
        var (config, data) = (VaultPlace.ConfigOption(), VaultPlace.DataOption());
        return new Verb(
            "audit",
            "Shows who did what at a node, and verifies that no record of it was changed, dropped, added or moved.",
            "trafficflow audit show --config server.conf",
            "trafficflow audit verify --config server.conf",
            "trafficflow audit export march.csv --from 2027-03-01 --to 2027-03-31 --config server.conf")
        {
            VerifyVerb(config, data), ShowVerb(config, data), ExportVerb(config, data),
        };
    }

    private static Verb VerifyVerb(Option<string?> config, Option<string?> data)
    {
        var copies = new Option<string[]>("--copy") { Description = "A folder with copies of the checkpoints, beside the one that the settings name (trafficflow.audit.copy-to).", HelpName = "DIR" };
        var key = new Option<string?>("--key") { Description = "A copy of audit.pub that was kept elsewhere. [default: the one beside the records]", HelpName = "FILE" };
        var verb = new Verb(
            "verify",
            "Looks at every record, and tells what was changed, dropped, added, moved or cut off, and where. Exit code 1 where something was.",
            "trafficflow audit verify --config server.conf",
            "trafficflow audit verify --data /mnt/copy --copy /mnt/other/audit --key kept/audit.pub")
        {
            copies, key, config, data,
        };
        verb.Details =
        [
            "Of a running node, of a stopped one, or of a copy of its files audit*: --data names their folder.",
            "Whoever can write to that folder can add another key to audit.pub: compare the id of the key",
            "that is told with the one that you noted, or name a copy with --key.",
        ];
        verb.SetAction(p => AuditJob.Verify(VaultPlace.Find(p.GetValue(config), p.GetValue(data)), p.GetValue(copies) ?? [], p.GetValue(key)));
        return verb;
    }

    private static Verb ShowVerb(Option<string?> config, Option<string?> data)
    {
        var filter = Filter.Create();
        var last = new Option<int>("--last") { Description = "So many of the last ones.", HelpName = "COUNT", DefaultValueFactory = _ => 50 };
        var verb = new Verb("show", "Shows the last records, the newest last.", "trafficflow audit show --by anna --from 2027-03-01 --config server.conf", "trafficflow audit show --kind failed-try --last 200") { last, config, data };
        filter.AddTo(verb);
        verb.SetAction(p => AuditJob.Show(VaultPlace.Find(p.GetValue(config), p.GetValue(data)), filter.Read(p), p.GetValue(last)));
        return verb;
    }

    private static Verb ExportVerb(Option<string?> config, Option<string?> data)
    {
        var filter = Filter.Create();
        var file = new Argument<string>("FILE") { Description = "The file to write, which must not be there yet: .csv, or .jsonl for JSON lines." };
        var verb = new Verb("export", "Writes records to a file: CSV (RFC 4180), or JSON lines as they are kept.", "trafficflow audit export march.csv --from 2027-03-01 --to 2027-03-31 --config server.conf") { file, config, data };
        filter.AddTo(verb);
        verb.SetAction(p => AuditJob.ExportAsync(VaultPlace.Find(p.GetValue(config), p.GetValue(data)), filter.Read(p), p.GetRequiredValue(file)));
        return verb;
    }
}
