using MiniNet.Data;

namespace MiniNet.Tests.Data;

public class NearestNameTests
{
    [Theory]
    [InlineData("ID", "AB id", "id")] // with capitals counted both would be two letters away
    [InlineData("kitten", "mutton sitting kitchen", "kitchen")] // exchanges and insertions: 3, 3 and 2 letters away
    [InlineData("abc", "xabcx ab xyz", "ab")] // deleting one letter is nearer than inserting two
    [InlineData("abcdef", "fedcba bcdefa", "bcdefa")]
    [InlineData("abcd", "abxx abyy", "abxx")] // the first of several
    [InlineData("abcd", "axxx", null)] // three letters of four are no slip
    [InlineData("", "a", null)]
    public void Of_IsTheFewestLettersAway_AtMostHalfOfThem(string name, string candidates, string? expected) =>
        Assert.Equal(expected, NearestName.Of(name, candidates.Split(' ')));
}
