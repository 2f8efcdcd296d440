using System.CommandLine;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.Registers;

namespace TrafficFlow.Node.Custody;

/// <summary>`trafficflow custody`: the registers of who looks after pictures, for an engineer without a browser.</summary>
public static class CustodyCommand
{
    private sealed record Place(Option<string?> Config, Option<string?> Data)
    {
        public Task<CustodyJob> JobAsync(ParseResult parsed) => CustodyJob.FindAsync(parsed.GetValue(Config), parsed.GetValue(Data), TimeProvider.System);
    }

    public static Command Create()
    {
        var place = new Place(VaultPlace.ConfigOption(), VaultPlace.DataOption());
        var custody = new Verb(
            "custody",
            "Shows the registers of custody of a node, appoints and dismisses persons, and answers what waits for a second one.",
            "trafficflow custody persons list --config server.conf",
            "trafficflow custody person appoint \"管理 花子\" --duty custodian --account hanako --config server.conf",
            "trafficflow custody person dismiss a2 --reason \"left the company\" --config server.conf")
        {
            Listing(place, "persons", "Lists who is custodian and operator, and was.", (job, json) => job.ListPersons(json)),
            Listing(place, "inspections", "Lists what is due, what was inspected, and what is to be done because of it.", (job, json) => job.ListInspections(json)),
            Listing(place, "requests", "Lists requests of the public: states and terms, never who asked.", (job, json) => job.ListRequests(json)),
            PersonVerb(place),
            Listing(place, "approvals", "Lists what waits for a second person, and what was approved, refused and used.", (job, json) => job.ListApprovals(json)),
            ApprovalVerb(place),
            Listing(place, "policies", "Lists what the files of sites ask for (two persons, encryption, retention), and each change of it, as it was found.", (job, json) => job.ListPolicies(json)),
        };
        foreach (var verb in Endings.EndVerbs.All(place.Config, place.Data)) custody.Add(verb);
        return custody;
    }

    private static Verb Listing(Place place, string what, string description, Func<CustodyJob, bool, int> list)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, for programs." };
        var verb = new Verb("list", description, $"trafficflow custody {what} list --config server.conf") { json, place.Config, place.Data };
        verb.SetAction(async (p, _) => list(await place.JobAsync(p), p.GetValue(json)));
        return new Verb(what, description, $"trafficflow custody {what} list --config server.conf") { verb };
    }

    private static Verb PersonVerb(Place place) => new(
        "person",
        "Appoints a person, or dismisses one. Each is entered for good, and stands in the audit.",
        "trafficflow custody person appoint \"操作 太郎\" --duty operator --account taro --config server.conf",
        "trafficflow custody person dismiss taro --on 2027-04-01 --reason \"contract ends\" --config server.conf")
    {
        AppointVerb(place), DismissVerb(place),
    };

    private static Verb ApprovalVerb(Place place) => new(
        "approval",
        "Approves what another person has asked for, or refuses it. A custodian of the register does so, who logs in.",
        "trafficflow custody approval approve r1 --as hanako --config roadside.conf",
        "trafficflow custody approval refuse r1 --as hanako --reason \"the disk is not encrypted\" --config roadside.conf")
    {
        ApproveVerb(place), RefuseVerb(place),
    };

    private static Verb ApproveVerb(Place place)
    {
        var id = new Argument<string>("ID") { Description = "As `custody approvals list` shows it." };
        var account = GivenLogIn.Option();
        var hash = new Option<string?>("--sha256") { Description = "Of what is approved, as the list shows it. [default: it is shown, and asked for]", HelpName = "HEX" };
        var verb = new Verb("approve", "Approves just that, once, for whoever asked.", "trafficflow custody approval approve r1 --as hanako --config roadside.conf") { id, account, hash, place.Config, place.Data };
        verb.SetAction(async (p, _) => await (await place.JobAsync(p)).ApproveAsync(p.GetRequiredValue(id), p.GetValue(account), p.GetValue(hash)));
        return verb;
    }

    private static Verb RefuseVerb(Place place)
    {
        var id = new Argument<string>("ID") { Description = "As `custody approvals list` shows it." };
        var account = GivenLogIn.Option();
        var reason = new Option<string>("--reason") { Description = "Why; it is kept.", HelpName = "TEXT", Required = true };
        var verb = new Verb("refuse", "Refuses it.", "trafficflow custody approval refuse r1 --as hanako --reason \"the disk is not encrypted\" --config roadside.conf") { id, account, reason, place.Config, place.Data };
        verb.SetAction(async (p, _) => await (await place.JobAsync(p)).RefuseAsync(p.GetRequiredValue(id), p.GetValue(account), p.GetRequiredValue(reason)));
        return verb;
    }

    private static Verb AppointVerb(Place place)
    {
        var name = new Argument<string>("NAME") { Description = "Of the person, as notices show it." };
        var duty = new Option<string>("--duty") { Description = "custodian (管理責任者) or operator (操作担当者).", HelpName = "DUTY", Required = true };
        duty.AcceptOnlyFromAmong("custodian", "operator");
        var account = new Option<string?>("--account") { Description = "With which the person logs in. [default: none]", HelpName = "NAME" };
        var from = new Option<string?>("--from") { Description = "Day by the clock of the site, or an instant with its offset: 2027-04-01T09:00+09:00. [default: now]", HelpName = "DAY" };
        var verb = new Verb("appoint", "Enters that a person has a duty.", "trafficflow custody person appoint \"管理 花子\" --duty custodian --account hanako --config server.conf") { name, duty, account, from, place.Config, place.Data };
        verb.SetAction(async (p, _) => await (await place.JobAsync(p)).AppointAsync(p.GetRequiredValue(name), p.GetRequiredValue(duty), p.GetValue(account), p.GetValue(from)));
        return verb;
    }

    private static Verb DismissVerb(Place place)
    {
        var id = new Argument<string>("ID") { Description = "Of the appointment, as `custody persons list` shows it, or the account." };
        var reason = new Option<string>("--reason") { Description = "Why; it is kept.", HelpName = "TEXT", Required = true };
        var on = new Option<string?>("--on") { Description = "Day by the clock of the site, or an instant with its offset: 2027-04-01T09:00+09:00. [default: at once]", HelpName = "DAY" };
        var verb = new Verb("dismiss", "Ends a duty: the account is disabled, its sessions, open pages and tokens end.", "trafficflow custody person dismiss a2 --reason \"left the company\" --config server.conf") { id, reason, on, place.Config, place.Data };
        verb.Details =
        [
            "At once, or on a day that comes: then a running node does it by itself. It cannot be taken",
            "back; the person is appointed anew, and the account enabled by hand (account enable).",
        ];
        verb.SetAction(async (p, _) => await (await place.JobAsync(p)).DismissAsync(p.GetRequiredValue(id), p.GetRequiredValue(reason), p.GetValue(on)));
        return verb;
    }
}
