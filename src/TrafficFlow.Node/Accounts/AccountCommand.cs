using System.CommandLine;
using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.Node.Accounts;

/// <summary>`trafficflow account`: who may log in at the node's pages, and the tokens of their programs.</summary>
public static class AccountCommand
{
    private sealed record Place(Option<string?> Config, Option<string?> Data)
    {
        public AccountJob Job(ParseResult parsed) => new(VaultPlace.Find(parsed.GetValue(Config), parsed.GetValue(Data), makes: true), TimeProvider.System);
    }

    public static Command Create()
    {
        var place = new Place(VaultPlace.ConfigOption(), VaultPlace.DataOption());
        return new Verb(
            "account",
            "Makes, lists, disables and invites the accounts of a node, and the tokens of their programs.",
            "trafficflow account add anna --role operator --config server.conf",
            "trafficflow account list --config server.conf",
            "trafficflow account token add board --account anna --site kokandori --use read --until 2027-03-31")
        {
            AddVerb(place), ListVerb(place), InviteVerb(place), RolesVerb(place), SwitchVerb(place, "disable", "Ends its sessions and tokens, and lets it log in no more.", (job, name) => job.DisableAsync(name)),
            SwitchVerb(place, "enable", "Lets a disabled account log in again, with its password of before.", (job, name) => job.EnableAsync(name)), SecondFactorVerb(place), TokenVerb(place),
        };
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "Of the account: one person's." };

    private static Verb AddVerb(Place place)
    {
        var name = NameArgument();
        var roles = new Option<string[]>("--role") { Description = $"What it may do: {string.Join(", ", RoleNames.All)}. Several with commas, or --role again.", HelpName = "ROLE", Required = true };
        var verb = new Verb(
            "add",
            "Makes an account without a password, and prints a one-time link with which its owner sets one within 24 hours.",
            "trafficflow account add anna --role operator --config server.conf",
            "trafficflow account add mayor --role city,analyst")
        {
            name, roles, place.Config, place.Data,
        };
        verb.Details =
        [
            "custodian: accounts, audit, disclosure and deletion. operator: cameras, sites, health,",
            "anonymized pictures. analyst: counts, speeds, journeys. city: what is released.",
            "Give each person an account of its own. A running node knows it at once.",
        ];
        verb.SetAction(p => place.Job(p).AddAsync(p.GetRequiredValue(name), p.GetRequiredValue(roles)));
        return verb;
    }

    private static Verb ListVerb(Place place)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, for programs." };
        var verb = new Verb("list", "Lists the accounts: roles, state, last log-in. Never a password, nor its hash.", "trafficflow account list --config server.conf") { json, place.Config, place.Data };
        verb.SetAction(p => place.Job(p).List(p.GetValue(json)));
        return verb;
    }

    private static Verb InviteVerb(Place place)
    {
        var name = NameArgument();
        var drops = new Option<bool>("--without-second-factor") { Description = "For a lost authenticator: its codes are asked for no more." };
        var verb = new Verb(
            "invite",
            "Prints a new one-time link, as for a forgotten password. The password of now is good until the link is used.",
            "trafficflow account invite anna --config server.conf")
        {
            name, drops, place.Config, place.Data,
        };
        verb.SetAction(p => place.Job(p).InviteAsync(p.GetRequiredValue(name), p.GetValue(drops)));
        return verb;
    }

    private static Verb RolesVerb(Place place)
    {
        var name = NameArgument();
        var roles = new Argument<string[]>("ROLE") { Description = $"All that it is to have: {string.Join(", ", RoleNames.All)}.", Arity = ArgumentArity.OneOrMore };
        var verb = new Verb("roles", "Gives an account other roles, and ends its sessions.", "trafficflow account roles anna operator analyst --config server.conf") { name, roles, place.Config, place.Data };
        verb.SetAction(p => place.Job(p).SetRolesAsync(p.GetRequiredValue(name), p.GetRequiredValue(roles)));
        return verb;
    }

    private static Verb SwitchVerb(Place place, string word, string description, Func<AccountJob, string, Task<int>> act)
    {
        var name = NameArgument();
        var verb = new Verb(word, description, $"trafficflow account {word} anna --config server.conf") { name, place.Config, place.Data };
        verb.SetAction(p => act(place.Job(p), p.GetRequiredValue(name)));
        return verb;
    }

    private static Verb SecondFactorVerb(Place place)
    {
        var name = NameArgument();
        var removes = new Option<bool>("--remove") { Description = "Asks for no code any more." };
        var verb = new Verb(
            "second-factor",
            "Adds a code of an authenticator (TOTP) to the log-in of an account, its owner sitting by, or takes it away.",
            "trafficflow account second-factor anna --config server.conf")
        {
            name, removes, place.Config, place.Data,
        };
        verb.Details =
        [
            "Shows a secret to be typed or scanned into the authenticator, reads the code that it shows",
            "then from standard input, and prints ten codes for a lost one: each is good once.",
        ];
        verb.SetAction(p => place.Job(p).SecondFactorAsync(p.GetRequiredValue(name), p.GetValue(removes)));
        return verb;
    }

    private static Verb TokenVerb(Place place) => new(
        "token",
        "Makes, lists and revokes the tokens with which programs ask for an account (REST, exports).",
        "trafficflow account token add board --account anna --site kokandori --use read --until 2027-03-31",
        "trafficflow account token revoke board")
    {
        TokenAddVerb(place), TokenListVerb(place), TokenRevokeVerb(place),
    };

    private static Verb TokenAddVerb(Place place)
    {
        var name = new Argument<string>("NAME") { Description = "Of the program, one of its own for each." };
        var account = new Option<string>("--account") { Description = "For whom it asks.", HelpName = "NAME", Required = true };
        var sites = new Option<string[]>("--site") { Description = "Which sites: names with commas, or * for all.", HelpName = "SITE", Required = true };
        var uses = new Option<string[]>("--use") { Description = $"What for: {string.Join(", ", ApiScope.UseNames)}. Several with commas, or --use again.", HelpName = "USE", Required = true };
        var roles = new Option<string[]>("--role") { Description = "Of the roles of the account, those that it gets. [default: all of them]", HelpName = "ROLE" };
        var until = new Option<string>("--until") { Description = "Last day on which it is good (UTC), 2027-03-31, or an instant with its offset, 2027-03-31T18:00+09:00.", HelpName = "DAY", Required = true };
        var verb = new Verb(
            "add",
            "Makes a token and prints it, once: only its hash is kept.",
            "trafficflow account token add board --account anna --site kokandori --use read --until 2027-03-31",
            "trafficflow account token add night --account anna --site '*' --use read,export --role analyst --until 2027-03-31")
        {
            name, account, sites, uses, roles, until, place.Config, place.Data,
        };
        verb.Details =
        [
            "The token alone goes to standard output, and what else there is to say to standard error.",
            "Topics over trafficflow.subscriptions have tokens of their own: trafficflow token.",
        ];
        verb.SetAction(p => place.Job(p).AddTokenAsync(
            p.GetRequiredValue(name), p.GetRequiredValue(account), p.GetRequiredValue(sites), p.GetRequiredValue(uses), p.GetValue(roles) ?? [], p.GetRequiredValue(until)));
        return verb;
    }

    private static Verb TokenListVerb(Place place)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, for programs." };
        var verb = new Verb("list", "Lists the tokens: whose, for what, until when, by whom. Never the tokens themselves.", "trafficflow account token list") { json, place.Config, place.Data };
        verb.SetAction(p => place.Job(p).ListTokens(p.GetValue(json)));
        return verb;
    }

    private static Verb TokenRevokeVerb(Place place)
    {
        var name = new Argument<string>("NAME") { Description = "Of the token." };
        var verb = new Verb("revoke", "Ends a token at once.", "trafficflow account token revoke board") { name, place.Config, place.Data };
        verb.SetAction(p => place.Job(p).RevokeTokenAsync(p.GetRequiredValue(name)));
        return verb;
    }
}
