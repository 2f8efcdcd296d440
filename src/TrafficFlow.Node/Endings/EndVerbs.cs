using System.CommandLine;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;

namespace TrafficFlow.Node.Endings;

/// <summary>The verbs of `trafficflow custody` by which an experiment is ended, a clock confirmed, and retention told.</summary>
internal static class EndVerbs
{
    public static IEnumerable<Verb> All(Option<string?> config, Option<string?> data) => [End(config, data), Clock(config, data), Retention(config, data), VerifyReport()];

    private static Verb End(Option<string?> config, Option<string?> data)
    {
        var site = new Option<string?>("--site") { Description = "The site whose experiment ends.", HelpName = "SITE" };
        var everything = new Option<bool>("--everything") { Description = "The whole installation, and the master key." };
        var reason = new Option<string>("--reason") { Description = "Why; it stands in the report and in each receipt.", HelpName = "TEXT", Required = true };
        var sure = new Option<bool>("--yes") { Description = "Do not ask." };
        var secret = VaultCommand.Secret.Create();
        var verb = secret.AddTo(new Verb(
            "end", "Ends an experiment: stops recording, erases its pictures, accounts for copies, revokes, dismisses operators, and writes the signed report.",
            "trafficflow custody end --site kokandori --reason \"the experiment is over\" --config roadside.conf",
            "trafficflow custody end --everything --reason \"taken down\" --yes --config roadside.conf") { site, everything, reason, sure, config, data });
        verb.Details =
        [
            "What a crash or a refusal cuts goes on where it was: give the same command once more. Asked for",
            "again it tells what was done. Where two persons are asked for, another one approves it first.",
            "Where the settings name no credential, bring what opens the vault: --passphrase or --shares 2.",
        ];
        verb.SetAction(p => EndJob.Find(p.GetValue(config), p.GetValue(data), secret.Read(p)).EndAsync(p.GetValue(site), p.GetValue(everything), p.GetRequiredValue(reason), p.GetValue(sure), new GivenLogIn(p.GetValue(secret.As))));
        return verb;
    }

    private static Verb Clock(Option<string?> config, Option<string?> data)
    {
        const string Example = "trafficflow custody clock confirm --reason \"compared with the radio clock\" --config roadside.conf";
        var reason = new Option<string>("--reason") { Description = "By which clock you know it; it is kept.", HelpName = "TEXT", Required = true };
        var person = GivenLogIn.Option();
        var confirm = new Verb("confirm", "Says that the clock of this machine is right now: what has reached its age by it is erased.", Example) { reason, person, config, data };
        confirm.Details = ["Where two persons are asked for before an erasure, another one approves it first."];
        confirm.SetAction(p => EndJob.Find(p.GetValue(config), p.GetValue(data)).ConfirmClockAsync(p.GetRequiredValue(reason), new GivenLogIn(p.GetValue(person))));
        return new Verb("clock", "Confirms the clock by which retention goes, where no time service and no server knows it.", Example) { confirm };
    }

    private static Verb Retention(Option<string?> config, Option<string?> data)
    {
        var verb = new Verb("retention", "Tells how long each kind is kept, what was removed, and why something is still there.", "trafficflow custody retention --config server.conf") { config, data };
        verb.SetAction(p => EndJob.Find(p.GetValue(config), p.GetValue(data)).RetentionAsync());
        return verb;
    }

    private static Verb VerifyReport()
    {
        var file = new Argument<string>("FILE") { Description = "The report, as the node wrote it." };
        var key = new Option<string>("--key") { Description = "The public key of the node, audit.pub, as it was handed out before.", HelpName = "FILE", Required = true };
        var verb = new Verb("verify-report", "Says whether the report of an end is genuine, and what it says. Needs nothing but the public key.", "trafficflow custody verify-report 20280331T150000Z-1a2b3c4d.report --key audit.pub") { file, key };
        verb.SetAction(p => EndJob.VerifyReport(p.GetRequiredValue(file), p.GetRequiredValue(key)));
        return verb;
    }
}
