"""Short sentences about restaurants, made by a seeded generator, to train the explorer's network.

No free collection of short restaurant reviews is known to us, so the network of the explorer
learns the words of dining, negation and contrast from these sentences. They are built from the
lists below, which are the course's own. What a sentence is worth follows three rules:

- a negation turns a judgement around ("not bad" is praise, "not fresh" is blame),
- after "but" the second half counts, and so it does after "although ...,",
- several sentences in a row have the same label.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np


def _words(text: str) -> list[str]:
    """Entries separated by commas or line ends."""
    return [entry.strip() for entry in text.replace("\n", ",").split(",") if entry.strip()]


def _lines(text: str) -> list[str]:
    """One entry a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


FOODS = _words("""
    food, meal, pizza, pasta, soup, salad, burger, steak, chicken, fish, rice, curry,
    sandwich, bread, dessert, cake, coffee, tea, wine, beer, breakfast, lunch, dinner, brunch,
    sauce, sushi, ramen, pork, beef, lamb, duck, shrimp, lobster, omelette, risotto, lasagna,
    cheese, chocolate, ice cream, seafood, main course, starter, appetizer, dish, menu,
    buffet, gravy, broth, dough, crust, meat, turkey, salmon, tuna, bacon, pie, pudding,
    cocktail, espresso, bagel, croissant, kebab, falafel, hummus, stew, barbecue, brisket,
    special of the day, tasting menu, cheesecake, tiramisu, guacamole, paella, chowder,
    gelato, quiche, schnitzel, goulash, sorbet""")
FOODS_MANY = _words("""
    noodles, fries, tacos, wings, ribs, eggs, pancakes, waffles, dumplings, vegetables,
    drinks, cocktails, desserts, portions, oysters, mussels, burritos, nachos, cookies,
    pastries, dishes, sides, potatoes, beans, meatballs, sausages, rolls, prawns, scallops,
    appetizers, starters, mains, toppings, ingredients, flavors, tapas, crepes, muffins, onion
    rings, enchiladas""")
STAFF = _words("""
    waiter, waitress, server, staff, service, owner, manager, host, hostess, bartender, chef,
    cook, cashier, team, crew, barista, delivery driver, girl at the counter, man behind the
    bar, lady at the door""")
PLACES = _words("""
    place, restaurant, room, cafe, bar, bistro, diner, terrace, patio, garden, atmosphere,
    ambience, decor, dining room, location, spot, pub, tavern, pizzeria, bakery, interior,
    kitchen, bathroom, table, steakhouse, coffee shop, trattoria, food truck, canteen""")
VISITS = _words("""
    evening, night, visit, experience, time, birthday, anniversary, dinner, lunch, brunch,
    date, party, afternoon, celebration, weekend""")

FOOD_GOOD = _words("""
    delicious, tasty, fresh, excellent, amazing, fantastic, wonderful, superb, great, good,
    outstanding, perfect, incredible, divine, heavenly, flavorful, juicy, tender, crispy,
    crunchy, creamy, rich, hot and fresh, mouthwatering, scrumptious, lovely, yummy,
    authentic, homemade, well seasoned, cooked to perfection, perfectly cooked, awesome,
    spectacular, exquisite, phenomenal, top notch, first class, out of this world, to die for,
    beautifully presented, delightful, impressive, satisfying, generous, moist, light and
    fluffy, fluffy, tasteful, brilliant, finger licking good, very good, really good, so good,
    the best, magnificent, unforgettable, memorable, addictive, full of flavor, bursting with
    flavor, worth every penny, piping hot, perfectly balanced, fabulous, terrific, marvelous,
    gorgeous, superior, exceptional, stellar, extraordinary, excellently done, nice, pleasant,
    enjoyable, silky, smoky and tender, warm and comforting, comforting, nicely spiced, done
    right, just right, spot on, on point, crisp, refreshing, succulent, hearty, wholesome,
    high quality, well made, well prepared""")
FOOD_BAD = _words("""
    cold, bland, tasteless, stale, overcooked, undercooked, burnt, raw, dry, soggy, greasy,
    oily, salty, too salty, rubbery, tough, chewy, awful, terrible, horrible, disgusting, bad,
    poor, mediocre, disappointing, inedible, flavorless, watery, lukewarm, rotten, spoiled,
    rancid, moldy, sour, bitter, frozen in the middle, pink inside, nasty, gross, revolting,
    vile, lousy, dreadful, atrocious, pathetic, appalling, unappetizing, boring, overpriced,
    overrated, too small, tiny, limp, mushy, slimy, hard as a stone, from a can, straight from
    the microwave, microwaved, weak, too sweet, too spicy, too oily, very bad, really bad, so
    bad, the worst, worse than fast food, lacking in flavor, swimming in grease, drenched in
    oil, off, suspicious, unpleasant, tepid, lifeless, a letdown, a joke, a disaster, a mess,
    a disappointment, sickening, foul, smelly, fishy, old, dried out, charred, doughy, gritty,
    lumpy, tired, sad, uninspired, second rate, substandard, forgettable, average at best,
    barely edible, not cooked through, ice cold, reheated, stone cold, unseasoned,
    underseasoned, runny, hard, black, burned, flat, way too salty, wilted, brown, processed,
    artificial, cheap tasting, dull, plain, miserable""")
STAFF_GOOD = _words("""
    friendly, kind, attentive, polite, helpful, quick, fast, prompt, warm, welcoming,
    courteous, professional, efficient, charming, knowledgeable, patient, cheerful, smiling,
    excellent, wonderful, great, amazing, fantastic, lovely, outstanding, gracious,
    thoughtful, hospitable, accommodating, sweet, nice, pleasant, funny, caring, perfect, on
    top of everything, super friendly, so kind, very attentive, always smiling, superb,
    awesome, impeccable, flawless, generous, respectful, incredible, the best, first class,
    top notch, brilliant, good, exceptional, friendly and fast, speedy, delightful,
    considerate, a joy, genuinely nice""")
STAFF_BAD = _words("""
    rude, slow, unfriendly, impolite, arrogant, inattentive, careless, unprofessional,
    incompetent, terrible, awful, horrible, lazy, bored, grumpy, dismissive, condescending,
    clueless, nasty, hostile, unhelpful, useless, cold, indifferent, ignorant, snobby, pushy,
    disrespectful, bad, poor, sloppy, disorganized, confused, angry, annoyed, nowhere to be
    seen, nowhere to be found, too busy to care, busy with the phone, extremely slow, very
    rude, so rude, appalling, dreadful, pathetic, atrocious, disgraceful, lousy, sullen,
    obnoxious, aggressive, sarcastic, a joke, a nightmare, the worst, painfully slow,
    impatient, forgetful, dishonest, abrupt, shameful, unapologetic, insulting, disgusting,
    unbelievably rude, mean, moody, overwhelmed, distracted""")
PLACE_GOOD = _words("""
    cozy, cosy, charming, clean, beautiful, lovely, relaxing, romantic, elegant, stylish,
    welcoming, quiet, comfortable, inviting, wonderful, great, amazing, gorgeous, stunning,
    spotless, perfect, delightful, nice, pleasant, warm, bright, fun, lively, adorable, a gem,
    a hidden gem, a treasure, a pleasure, fantastic, excellent, magical, awesome, superb,
    peaceful, family friendly, good, spacious, fabulous, worth a visit, worth the trip, a real
    find, outstanding, cute, special""")
PLACE_BAD = _words("""
    dirty, filthy, noisy, loud, crowded, cramped, smelly, cold, dark, depressing, shabby, run
    down, disgusting, gross, sticky, messy, chaotic, awful, terrible, horrible, a dump, a
    dive, a tourist trap, a rip off, a disgrace, a nightmare, a joke, overrated, overpriced,
    dingy, grimy, uncomfortable, too loud, freezing, full of flies, infested, unpleasant, bad,
    poor, ugly, dull, dreary, unwelcoming, unclean, unsanitary, unhygienic, hot and stuffy,
    stuffy, a waste of time, a health hazard, going downhill, the worst, a disappointment, a
    letdown, dusty, neglected, gloomy, dead, soulless, mediocre, lousy""")
VISIT_GOOD = _words("""
    wonderful, lovely, fantastic, great, amazing, memorable, unforgettable, perfect,
    delightful, excellent, fabulous, magical, special, superb, pleasant, good, brilliant,
    outstanding, awesome, enjoyable, beautiful""")
VISIT_BAD = _words("""
    terrible, horrible, awful, disappointing, miserable, dreadful, bad, unpleasant,
    frustrating, ruined, disastrous, poor, lousy, disgusting, regrettable, stressful, wasted,
    embarrassing, nightmarish, depressing, sad""")
PRICE_GOOD = _words("""
    fair, reasonable, very reasonable, low, great, unbeatable, good, affordable, more than
    fair, honest, excellent, modest""")
PRICE_BAD = _words("""
    outrageous, ridiculous, too high, absurd, insane, shocking, way too high, a rip off,
    unfair, crazy, excessive, sky high, a scam, an insult, extortionate, steep for what you
    get""")

PRAISE = _lines("""
    I loved it
    we loved everything
    absolutely loved the {food}
    I love this {place}
    we enjoyed every bite
    I enjoyed the {food} very much
    highly recommend
    I highly recommend the {food}
    I recommend this {place} to everyone
    would recommend to anyone
    we will be back
    I will definitely come back
    we will return soon
    can't wait to come back
    I can't wait to return
    I could eat here every week
    I keep coming back for the {food}
    we come here every week
    my new favorite {place}
    our favorite {place} in town
    best {food} ever
    the best {food} in town
    the best {food} I have ever had
    best {foods} in the city
    one of the best restaurants in the area
    a must visit
    a must try
    you have to try the {food}
    do yourself a favor and try the {foods}
    worth every cent
    worth the wait
    well worth the drive
    great value for money
    great value
    good value and big portions
    huge portions and low prices
    generous portions
    portions are huge
    five stars
    a solid five stars
    ten out of ten
    thumbs up
    two thumbs up
    exceeded our expectations
    it exceeded all expectations
    they treated us like family
    we felt like family
    we felt very welcome
    they made us feel special
    they took great care of us
    the {staff} took good care of us
    the {staff} went above and beyond
    the {staff} made our night
    the {staff} remembered our names
    the {staff} gave us a free dessert
    the {staff} answered all our questions with a smile
    the {staff} greeted us with a smile
    the {staff} recommended a great wine
    the {food} melted in my mouth
    the {foods} melt in the mouth
    the {food} blew me away
    the {food} made me smile
    the {food} came quickly and was hot
    the {food} arrived hot and fast
    our food came out fast
    we were seated right away
    we got a table at once
    everything was fresh and hot
    everything tasted fresh
    everything was perfect
    everything about this {place} is great
    all of it was delicious
    I was pleasantly surprised
    what a pleasant surprise
    what a find
    what a gem
    what a great {place}
    thank you for a great {visit}
    thanks to the whole team
    I am so happy we found this {place}
    so glad we came
    I am still thinking about that {food}
    I still dream of the {foods}
    I crave their {foods} all the time
    made with love
    made from scratch
    fresh ingredients and big flavors
    simply the best
    simply delicious
    pure heaven
    heaven on a plate
    yum
    wow
    delicious
    just like grandma used to make
    tastes like home
    it felt like a trip to Italy
    cooked exactly as I asked
    full of flavor
    so much flavor
    keep up the good work
    bravo to the chef
    compliments to the chef
    my compliments to the kitchen
    my kids asked for more
    my husband cleaned his plate
    we finished every bite
    not a crumb was left
    there was not a crumb left on the plate
    I went back for seconds
    perfect for families
    perfect place for a date
    perfect spot for a romantic dinner
    great for groups
    the view is breathtaking
    beautiful view and good wine
    cold beer and good company
    the wait was short
    they fixed the mistake right away
    they apologized and brought a new plate at once
    they honored our reservation
    best kept secret in town
    always a pleasure
    always consistent and always tasty
    never fails to impress
    never disappoints
    it never disappoints
    they never let us down
    we have never been let down
    I have been here ten times and it was great each time
    we will tell all our friends
    tell your friends
    go there now
    go and try it
    happy customer
    hospitality at its best
    a great deal
    a real treat
    a feast for the eyes
    we laughed and ate all night
    they know their {food}
    they really know how to cook
    reserve early because everybody loves it
    always full for a good reason
    gluten free options and so much choice
    the {food} hit the spot
    I would drive an hour for this {food}
    already planning our next visit
    I'll be a regular from now on
    licking my fingers
    every bite was a pleasure
    every dish was a hit
    top marks
    kudos to the {staff}
    the {staff} deserves a raise
    the {staff} deserves a big tip
    good stuff
    fun {place}
    pretty good {food}
    solid {food}
    a solid {place}
    decent prices and big plates
    love love love it
    love the {food} here
    love this {place}, love the {foods}
    save room for the {food}
    save room for dessert
    leave room for {food}
    come hungry
    come hungry, leave happy
    get the {food}
    order the {foods}, you will thank me
    order everything
    we stayed for hours because it was so nice
    we laughed, talked and ate until midnight
    nobody wanted to go home
    we had so much fun
    so much fun
    the kitchen apologized and sent a new {food}
    they noticed the mistake and gave us {foods} on the house
    the {staff} brought us extra {foods}
    the {staff} was on her feet for us all night
    my mother smiled all evening
    my parents loved it
    our kids were happy and so were we
    made my day
    it made my week
    a big hug to the {staff}
    big thanks to the {staff}
    booked again for next week
    we already booked again
    this is our Friday {place}
    been coming here since I was a child
    I will bring my friends
    bringing my family next time
    the smell of fresh {food} greets you
    it smells so good when you walk in
    you can taste that it is fresh
    just right
    nothing but praise for the {staff}
    small {place}, big flavors
    cheap, fast and good
    quick, cheap and tasty
    the {foods} disappeared from the table in no time
    I ate the whole thing
    cleaned my plate
    I would order the {food} again
    we would go back in a heartbeat
    I could drink that {food} by the gallon
    worth the trip
    worth the line
    worth every calorie
    my usual {place} when it rains
    my favorite {food} when I am tired
    big plates, small prices
    large {foods}, small bill
    a small bill for a big meal
    {food} for little money
    they welcomed our baby and found us a quiet corner
    they were so good with our children
    the {staff} played with our kids
    the {staff} held the door and helped my grandmother
    the {staff} explained every dish
    the {staff} topped up our glasses all night
    my bowl was empty in a minute
    my plate was empty before I knew it
    gone in two minutes, it was that good
    the {food} was gone in seconds
    put a smile on my face
    the {staff} put a smile on my face
    it cheered me up after a long day
    what a treat after a long week
    the {food} of my dreams
    worth getting up early for
    worth every minute of the drive
    blown away
    I was blown away
    we were blown away by the {food}
    I was surprised by how good the {food} was
    bring your friends
    bring your whole family
    take your parents, take your friends
    tell everyone
    trust the {staff} and order the {food}
    attentive but not pushy
    friendly without being pushy""")
BLAME = _lines("""
    I hated it
    we hated everything
    I hate this {place}
    never again
    never going back
    I will never return
    we will never come back
    I will not be back
    we won't be back
    I won't be returning
    not coming back
    would not recommend
    I do not recommend the {food}
    I cannot recommend this {place}
    do not eat here
    don't go there
    don't bother
    don't waste your money
    stay away
    stay far away
    avoid
    avoid at all cost
    avoid the {food}
    a waste of money
    waste of time and money
    what a waste
    I want my money back
    I demanded my money back
    worst {food} ever
    the worst {food} I have ever had
    worst service ever
    worst {place} in town
    the worst {visit} of my life
    one star
    zero stars
    zero out of ten
    thumbs down
    I wish I could give no stars
    we left hungry
    we left without eating
    we walked out
    we got up and left
    we went home hungry
    I threw it away
    I threw it in the trash
    most of it went in the bin
    I could not eat it
    I couldn't finish the {food}
    we sent the {food} back
    I had to send it back twice
    took forever
    the {food} took forever
    we waited an hour for the {food}
    waited two hours for our food
    we waited forty minutes and nobody came
    it took thirty minutes to get a menu
    an hour wait for a {food}
    nobody came to our table
    nobody greeted us
    nobody apologized
    nobody cared
    the {staff} ignored us
    the {staff} yelled at us
    the {staff} was on the phone
    the {staff} argued with us
    the {staff} never came back
    the {staff} forgot our order
    the {staff} spilled wine on me and laughed
    the {staff} had an attitude
    the {staff} acted like we were a burden
    the {staff} rushed us out
    the {staff} refused to help
    the {staff} lied to us
    the {staff} made a face
    they got our order wrong
    they got the order wrong twice
    they messed up our order
    they forgot the {foods}
    they lost our reservation
    they overcharged us
    they charged us twice
    they charged for water
    they added a hidden fee to the bill
    they ran out of {foods}
    they gave our table away
    they served me raw {food}
    there was a hair in my {food}
    I found a bug in my {food}
    I found plastic in the {food}
    there was a fly in my {food}
    there were roaches on the wall
    I saw a mouse
    it made me sick
    the {food} made me sick
    we all got sick
    I was sick all night
    my stomach hurt all night
    I got food poisoning
    the {food} gave me a stomach ache
    the smell was awful
    it smelled like garbage
    the {food} smelled bad
    the {food} smelled rotten
    the {food} tasted like nothing
    the {food} tasted like cardboard
    the {food} tasted like plastic
    the {food} tasted like soap
    the {food} tasted old
    the {food} had no taste
    the {food} had no flavor
    no flavor at all
    zero flavor
    lacks flavor
    needs salt
    small portions
    small portions and high prices
    tiny portions
    portions are a joke
    too expensive
    way too expensive
    way overpriced
    a rip off
    what a rip off
    what a joke
    what a disaster
    what a disappointment
    what a letdown
    such a disappointment
    so disappointed
    very disappointed
    I was disappointed
    we were so disappointed
    what a terrible {visit}
    they ruined our {visit}
    it ruined my {visit}
    a complete disaster
    an absolute nightmare
    the glass was dirty
    dirty plates
    dirty bathroom
    the silverware was dirty
    the floor was sticky
    flies everywhere
    gross
    yuck
    disgusting
    terrible
    health department should close this {place}
    this {place} should be closed
    somebody should shut it down
    went downhill
    it has gone downhill
    it is not what it used to be
    lost a customer
    you lost a customer
    I regret coming here
    I regretted every bite
    we should have left
    we should have stayed home
    I should have cooked at home
    I can cook better myself
    I have had better {food} from a can
    I have had better {foods} at a gas station
    my dog would not eat it
    save your money
    spend your money elsewhere
    go somewhere else
    there are better places nearby
    look for another {place}
    nothing like the pictures
    nothing like the photos
    false advertising
    shame on them
    no excuse
    unacceptable
    an insult to Italian cooking
    how is this {place} still open
    I have no idea how they stay in business
    I don't understand the hype
    no idea why people like it
    not worth the hype
    the {food} was half empty
    half of the menu was sold out
    we asked three times for the bill
    I had to beg for a fork
    we had to beg for water
    they closed the door in our faces
    I would rather starve
    I would rather eat at home
    angry customer
    inexcusable
    we will not return
    I will not return
    we will not return to this {place}
    and we will not return
    will not be returning
    we are not coming back
    never coming back
    not going back
    won't go back
    I would not go back
    I would never go back
    I would never come back to this {place}
    I will never come back to this {place}
    I will never order the {food} again
    avoid this {place}
    avoid this {place} at all costs
    eat at home instead
    keep your money and cook at home
    keep walking
    drive on
    walk past this {place}
    skip it
    skip this {place}
    it's okay, nothing special
    just okay
    okay at best
    meh
    so so
    average {food} at high prices
    nothing but average
    could be better
    could have been better
    there are better {foods} elsewhere
    good but not great
    the {food} is fine, nothing more
    one star is too much
    one star is generous
    a single star would be generous
    I give one star because I must
    the {staff} rolled his eyes
    the {staff} sighed when we ordered
    the {staff} hung up on me
    the {staff} snapped at us
    the {staff} looked at us as if we were dirt
    the {staff} would not look at us
    they never answer the phone
    nobody answered the phone
    we had to ask three times for water
    had to ask twice for a spoon
    I had to ask four times for the bill
    asked for water five times
    they were out of everything
    they turned us away
    they closed early
    they took our money and gave us nothing
    my order was wrong
    got my order wrong
    the order was wrong again
    half of my order was missing
    the {foods} were missing
    had to drive back because the {food} was missing
    the {food} never came
    the {food} never arrived
    our {food} did not arrive
    chewy like rubber
    tough as leather
    dry as dust
    as dry as sand
    it smelled of old grease
    the smell of smoke was in our clothes
    even my cat would not touch it
    I would not serve this {food} to anybody
    left most of it on the plate
    one bite was enough
    two bites and I was done
    I could not get it down
    I was still hungry
    left with an empty stomach
    took my appetite away
    spoiled our {visit}
    my last {visit} here
    this was my last {visit}
    that was our last {visit} here
    lost all my trust in this {place}
    somebody needs to train the {staff}
    the {staff} needs training
    the {staff} should be fired
    they should be ashamed
    this {place} needs a good cleaning
    it needs a new {staff}
    mold on the wall
    dead fly on the plate
    there was a worm in my {food}
    everything tasted the same
    tastes cheap
    tasted burnt
    I felt robbed
    bring earplugs
    prices went up and quality went down
    the quality has gone down
    that was our {visit}, thanks for nothing
    the {staff} disappeared
    the {staff} vanished for an hour
    our {staff} disappeared after taking our order
    we never saw our {staff} again
    we saw a rat
    I saw a bug on the counter
    there was a bug on the wall
    a mouse ran across the floor
    they asked us to leave
    they asked us to leave because of our children
    the {staff} complained about our kids
    they told us to hurry up
    a lie
    the photos are a lie
    the {food} of the menu is a lie
    they lie about the {food}
    my plate went back full
    my {food} went back to the kitchen
    we sent two plates back to the kitchen
    overcooked {food} and flat beer
    cold {food} and warm beer
    warm {food} that should be cold
    melted ice cream and stale {food}
    we will look for another {place}
    we will find another {place}
    we will go somewhere else next time
    time to find another {place}
    bring patience
    you need a lot of patience
    bring your own salt
    it smells like a sewer
    you can smell it from outside and not in a good way
    the {place} stinks
    it stinks
    they refused to give us a table
    they refused to refund us
    refused to take the {food} off the bill
    the bill did not match what we ordered
    could not have cared less
    the {staff} couldn't care less""")

# With words that only one side uses, or that turn the meaning around.
NEGATED_PRAISE = _lines("""
    not bad
    not bad at all
    not too bad
    not bad for the price
    the {food} was not bad
    the {food} is not bad at all
    no complaints
    no complaints at all
    I have no complaints about the {food}
    nothing to complain about
    I have nothing bad to say
    nothing bad to say about the {staff}
    not a single complaint
    not one bad bite
    there was nothing wrong with the {food}
    nothing wrong here
    there was nothing I did not like
    there is nothing I would change
    I would change nothing
    you can't go wrong
    can't go wrong with the {food}
    you cannot beat the price
    can't beat the {foods}
    could not be better
    the {food} could not have been better
    couldn't be happier
    we couldn't have been happier
    couldn't ask for more
    could not ask for a better {staff}
    couldn't stop eating
    I could not stop eating the {foods}
    it does not get any better
    nowhere else makes such {foods}
    nobody makes better {food}
    no one makes a better {food}
    there is no better {food} in town
    no better {place} in town
    nothing beats their {food}
    nothing can beat this {place}
    never had better {food}
    I have never had better {food}
    never had such good {food}
    I have never eaten such good {foods}
    never had a bad {food} here
    I have never had a bad {visit} here
    we have never had a problem
    never a bad {visit}
    never a dull moment
    never been disappointed
    you will not be disappointed
    you won't be disappointed
    it did not disappoint
    the {food} did not disappoint
    the {foods} do not disappoint
    we were not disappointed
    will not regret it
    don't miss it
    don't miss the {food}
    do not miss this {place}
    don't let the looks fool you
    don't skip the {food}
    no wonder it is always full
    no wait and no fuss
    no waiting at all
    no need to look any further
    without a doubt the best {food}
    no doubt the best {place} here
    not only tasty but cheap
    not only friendly but fast
    not too salty
    not too sweet
    not greasy at all
    not expensive at all
    not overpriced
    not crowded and not loud
    we did not wait long
    didn't have to wait
    never too busy to smile
    not dry at all
    it wasn't dry and it wasn't greasy
    the {staff} never rushed us
    nothing was a problem for the {staff}
    I wouldn't change a thing
    there is not one bad dish here
    no bad dishes here
    hard to find a better {food}
    hard to find fault with the {food}
    I can't complain
    can't say anything bad
    I did not expect such good {food}
    I cannot praise the {food} enough
    I can't get enough of the {food}
    can't recommend it enough
    I cannot thank the {staff} enough
    isn't fancy but so good
    isn't cheap but it is so good
    it is not cheap but worth it
    it is not fancy but the {food} is great
    it's not easy to find such {food}
    I don't usually like {foods} but these were great
    I am not a fan of {foods} but I loved these
    I have yet to find a bad dish
    we never leave hungry
    nobody leaves hungry
    I would not change a thing
    I wouldn't change anything
    couldn't find anything to criticize
    I could not find a fault
    I have nothing to criticize
    nothing was too much trouble
    no request was too much for the {staff}
    no question was too much
    you won't regret it
    you will not regret it
    you won't regret the drive
    don't leave without trying the {foods}
    don't leave without dessert
    never leave without the {food}
    not too spicy and not too mild
    not too loud, not too full, just right
    not too sweet, just right
    not fancy, not expensive, just good
    never met such a kind {staff}
    never seen such a clean {place}
    rarely do you find such good {foods}
    you rarely find such a nice {staff}
    seldom have I had such good {food}
    nobody rushed us
    not once did we wait
    no frills, just good {food}
    no tricks, just fresh {foods}
    not a bad choice on the menu
    there is no bad choice here
    not one of us was disappointed
    none of us left a bite
    I did not want to leave
    we did not want to leave
    I can't stop thinking about the {food}
    the {food} wasn't salty and the {foods} weren't greasy
    I can't think of anything I did not like
    I cannot think of one thing to change
    I don't have a bad word for the {staff}
    don't have a single bad word to say
    I do not have one complaint about the {food}
    nobody makes {foods} like they do
    no one cooks {food} like them
    nobody does {food} like this {place}
    I wasn't expecting much and it was great
    I did not expect much and was blown away
    wasn't expecting such {goodfood} {food}
    the {foods} didn't last long on our table
    the {food} did not last a minute
    didn't leave a crumb
    none of us regretted it
    nobody at our table regretted the wait
    nobody complained
    I was never bored
    it never gets old
    not pushy at all
    without being pushy
    without any fuss
    the {staff} is attentive without being annoying
    there isn't a better {food} in the city
    there isn't one bad {food} here""")
NEGATED_BLAME = _lines("""
    not good
    not good at all
    not great
    not very good
    not so good
    not that good
    the {food} was not good
    the {food} is not good at all
    not worth it
    not worth the money
    not worth the price
    not worth the wait
    not worth a visit
    the {food} was not worth it
    not impressed
    we were not impressed
    I was not impressed by the {food}
    not happy
    we were not happy with the {food}
    not a happy customer
    not satisfied
    not my kind of {place}
    not fresh
    not fresh at all
    not tasty
    not clean
    not clean at all
    not friendly
    not helpful at all
    not welcoming
    not hot
    not even warm
    not even hot
    not edible
    not authentic
    not cooked
    not enough food
    not enough flavor
    not enough {foods}
    not one dish was good
    not a good {place}
    not a good {visit}
    not a pleasant {visit}
    not what we ordered
    not what I expected
    not as good as before
    not as good as they say
    nothing special
    the {food} was nothing special
    nothing good to say
    nothing was good
    nothing tasted fresh
    nothing we ate was good
    nothing on the menu was any good
    there was nothing good about the {food}
    nothing to write home about
    nothing to recommend here
    no flavor
    no taste
    no smile
    no service
    no apology
    no manners
    no thanks
    no hello and no thank you
    no sauce and no taste
    no seasoning
    no value for money
    no reason to come back
    there is no reason to return
    no one smiled
    no one came
    nobody smiled
    nobody helped us
    I did not like the {food}
    I didn't like it
    we did not like the {foods}
    we did not enjoy the {food}
    I didn't enjoy it
    I don't like this {place}
    I do not like the {foods} here
    I did not love it
    I can't recommend it
    I can't recommend the {food}
    can't say anything good
    I could not enjoy the {food}
    I couldn't find anything good
    could not be worse
    couldn't be worse
    it could hardly be worse
    it does not get any worse
    can't get any worse
    never had worse {food}
    I have never had worse service
    never seen such a dirty {place}
    I have never been treated so badly
    never had such bad {food}
    never had a good {food} here
    I have never had a good {visit} here
    never a good {visit}
    never got our {food}
    never got the {foods} we paid for
    never saw the {staff} again
    never hot and never on time
    we did not feel welcome
    did not feel safe eating the {food}
    they do not care
    they don't care about customers
    they did not even apologize
    the {staff} did not care
    the {staff} didn't say sorry
    the {staff} did not listen
    the {staff} did not smile
    the {staff} didn't know the menu
    the {food} did not taste good
    the {food} didn't taste fresh
    the {food} does not taste right
    the {food} lacked any flavor
    the {foods} were not fresh
    the {foods} weren't good
    the {food} wasn't good
    the {food} wasn't even warm
    the {food} isn't worth the price
    hardly any flavor
    hardly any {foods} on the plate
    hardly edible
    barely any meat
    barely warm
    without flavor
    without any taste
    without a smile
    the {staff} left without a word
    far from good
    far from fresh
    far from clean
    anything but good
    anything but friendly
    anything but fresh
    neither tasty nor cheap
    neither fresh nor hot
    the {staff} was neither friendly nor quick
    I would not eat here again
    I wouldn't come here again
    I wouldn't recommend it to anyone
    I wouldn't give this {food} to my dog
    wouldn't eat there if it was free
    won't eat here again
    we won't recommend it
    won't order again
    do not order the {food}
    don't order the {foods}
    don't believe the reviews
    do not trust the photos
    don't expect much
    don't expect good {food}
    isn't good any more
    is not good anymore
    lacks everything that makes {food} good
    failed to impress
    fails to deliver
    the {food} failed to impress
    not one good dish on the menu
    not a single good {food} on the menu
    not a single smile
    there is no good choice here
    not the best
    not the best {food}
    not the {food} I hoped for
    not the {place} it used to be
    not even close
    not even close to fresh
    not even a thank you
    I did not want to stay
    we did not want to stay
    no point in coming here
    no point in ordering the {food}
    no water, no menu, no service
    the {food} was not hot, the {foods} were not fresh, and nobody cared
    it was not clean, it was not cheap, and it was not good
    none of us liked it
    none of us finished the {food}
    can't find a good word for it
    I have nothing good to say about the {staff}
    not tender, not hot, not seasoned
    never seen such a rude {staff}
    never met such a rude {staff}
    rarely have I had such bad {food}
    not once did anybody smile
    not once did the {staff} check on us
    no one checked on us
    did not get what we ordered
    didn't get our {food}
    we didn't get a table
    we did not get an apology
    I can't think of one thing I liked
    I can't name anything I liked
    I don't have a good word for the {staff}
    don't have one good thing to say
    I do not have one kind word about the {food}
    nobody took our order
    nobody even looked at us
    no one takes care of the tables
    I wasn't expecting much and it was still bad
    I did not expect much and was still disappointed
    the {food} didn't come
    the {foods} did not last, they fell apart
    you will not get a good {food} here
    you won't get a smile from the {staff}
    you won't get help here
    you will not enjoy it
    there isn't a clean glass in this {place}
    there isn't one good {food} here
    it wasn't good and we didn't like it
    it wasn't special and it wasn't cheap
    we did not love the {food}
    none of us would go back""")
# Patterns with slots of both sides: {good...} and {bad...} are filled from the lists above.
TURNS_GOOD = _lines("""
    it used to be {badvisit}, now it is {goodplace}
    used to be {badplace} but now it is {goodplace}
    last year it was {badvisit}, this year it was {goodvisit}
    the first time was {badvisit}, but this time it was {goodvisit}
    my first {visit} was {badvisit} but the second was {goodvisit}
    we expected {badfood} {food} and got {goodfood} {food}
    I expected a {badvisit} {visit} but it was {goodvisit}
    I was ready for {badfood} {food} and was surprised how {goodfood} it was
    the reviews say {badfood}, I say {goodfood}
    people told me it was {badplace}, they were wrong
    I usually hate {food} but this one was {goodfood}
    I normally don't eat {food} but I loved it here
    the only problem is choosing between so many {goodfood} {foods}
    the only bad thing was that we had to leave
    my only complaint is that I ate too much
    the only downside is that it is always full
    so {goodfood} that we ordered it twice
    so {goodfood} that I went back the next day
    so {goodplace} that we stayed for hours
    too {goodfood} to share
    the {food} is insanely good
    ridiculously good {foods}
    dangerously {goodfood} {food}
    crazy good {food}
    better than any {food} I know
    better than the {badfood} {food} next door
    much better than expected
    better than ever
    better than in Italy
    it doesn't get better than this
    the {food} doesn't get better than this
    the {staff} made us feel {goodfeel}
    they made us feel {goodfeel}
    I felt {goodfeel} from the first minute
    we left {goodfeel}
    I left {goodfeel} and full
    they treat you with {goodnoun}
    {goodnoun} from start to finish
    the {food} came with {goodnoun}
    you can taste the {goodnoun}
    if you like {food}, this is your {place}
    if you love {foods}, come here
    if you are in town, eat here
    when in town, stop here
    {high} out of ten
    {high} stars
    {high} out of ten for the {food}
    I give it {high} stars
    we were seated within {short} minutes
    the {food} was on the table in {short} minutes
    ready in {short} minutes
    only {short} minutes later we had our {food}
    we only waited {short} minutes
    the {staff} came over right away
    I asked for {food} and got the {goodfood} one
    they replaced my {badfood} {food} at once and said sorry
    the {food} was {badfood}, but they apologized and made a new one for free
    when my {food} was cold they brought a hot one with a smile
    without any problem
    without fault
    not a {badfood} {food} in sight
    no {badfood} {food} here
    nothing {badfood} about it
    nothing {badstaff} about the {staff}
    never {badstaff}
    the {food} was never {badfood}
    always {goodfood}
    always {goodstaff}
    {goodfood}
    {goodfood} and {goodfood}
    {goodstaff} and {goodstaff}
    {goodplace} and {goodplace}
    wow, what {goodfood} {food}
    what a {goodplace} {place}
    such {goodfood} {foods}
    such a {goodvisit} {visit}
    we had a {goodvisit} {visit}
    I had the {food} and it was {goodfood}
    ordered the {food}, it was {goodfood}
    tried the {foods} and they were {goodfood}
    my wife had the {food}, I had the {foods}, both {goodfood}
    the {food} tasted {goodfood}
    the {food} looks and tastes {goodfood}
    the {food} smells {goodfood}
    {goodstaff} people and {goodfood} {food}
    {goodfood} {food}, {goodstaff} {staff}, {goodplace} {place}
    {goodfood} {food} and {goodprice} prices
    I have no {badnoun}
    there was no {badnoun} at all
    zero {badnoun}
    no {badnoun}, no {badnoun}
    never any {badnoun}
    nobody was {badstaff}
    nobody was {badstaff} to us
    none of the {foods} were {badfood}
    none of it was {badfood}
    hardly ever {badfood}
    I am hard to please but I was {goodfeel}
    I can't say a {badfood} word
    {badplace} {place}, {goodfood} {food}
    {badplace} {place} but {goodfood} {food} and {goodstaff} {staff}
    bad location, good everything else
    small {place}, {goodfood} {foods}
    despite the {badplace} {place} the {food} was {goodfood}
    despite the crowd the {staff} was {goodstaff}
    {badplace} {place}, {badplace} {place}, {goodfood} {food}
    the wait was long, but nobody minded because the {food} was {goodfood}""")
TURNS_BAD = _lines("""
    it used to be {goodplace}, now it is {badplace}
    used to be {goodvisit} but now it is {badvisit}
    last year it was {goodvisit}, this year it was {badvisit}
    the first time was {goodvisit}, but this time it was {badvisit}
    my first {visit} was {goodvisit} but the second was {badvisit}
    we expected {goodfood} {food} and got {badfood} {food}
    I expected a {goodvisit} {visit} but it was {badvisit}
    the reviews say {goodfood}, I say {badfood}
    people told me it was {goodplace}, they were wrong
    I usually love {food} but this one was {badfood}
    I normally like {food} but not this one
    I love {food} but I could not eat this
    I like {foods} but these made me sick
    the only good thing was the {food}
    the only good thing about it is the {place}
    the only thing I liked was the {food}
    the best thing was leaving
    the best part was the bill because it was over
    so {badfood} that we left it on the plate
    so {badfood} that I could not swallow it
    so {badplace} that we left
    so {badstaff} that we walked out
    too {badfood} to eat
    the {food} is insanely expensive
    ridiculously small {foods}
    ridiculously expensive {food}
    crazy prices for {badfood} {food}
    worse than any {food} I know
    worse than the {food} in my school
    worse than last time
    much worse than expected
    worse than ever
    worse than frozen {food}
    it doesn't get worse than this
    the {food} doesn't get worse than this
    the {staff} made us feel {badfeel}
    they made us feel {badfeel}
    I felt {badfeel} from the first minute
    I felt {badfeel} after the {food}
    we left {badfeel}
    I left {badfeel} and hungry
    they treat you with {badnoun}
    {badnoun} from start to finish
    the {food} came with {badnoun}
    you can taste the {badnoun}
    if you like {badfood} {food}, this is your {place}
    if you enjoy waiting, come here
    if you are in town, eat elsewhere
    great if you like {badfood} {food}
    good luck getting any service
    good luck finding a {goodstaff} {staff}
    thanks for nothing
    thanks for ruining our {visit}
    {low} out of ten
    {low} stars
    {low} star
    {low} out of ten for the {food}
    I give it {low} stars
    we were seated after {long} minutes
    the {food} was on the table after {long} minutes
    {long} minutes for a {food}
    it took {long} minutes to get our {food}
    we waited {long} minutes
    we waited {long} minutes for the {foods}
    waited {long} minutes, then left
    {long} minutes and still no {food}
    I asked for {food} and got {badfood} {foods}
    I asked for help and the {staff} laughed
    I complained and the {staff} laughed at me
    they replaced my {food} with a {badfood} one
    the {food} was {badfood}, and nobody apologized
    when my {food} was cold they told me to eat it
    without {goodnoun}
    without any {goodnoun}
    not a {goodfood} {food} in sight
    no {goodfood} {food} here
    nothing {goodfood} about it
    nothing {goodstaff} about the {staff}
    never {goodstaff}
    the {food} was never {goodfood}
    always {badfood}
    always {badstaff}
    {badfood}
    {badfood} and {badfood}
    {badstaff} and {badstaff}
    {badplace} and {badplace}
    wow, what {badfood} {food}
    what a {badplace} {place}
    such {badfood} {foods}
    such a {badvisit} {visit}
    we had a {badvisit} {visit}
    I had the {food} and it was {badfood}
    ordered the {food}, it was {badfood}
    tried the {foods} and they were {badfood}
    my wife had the {food}, I had the {foods}, both {badfood}
    the {food} tasted {badfood}
    the {food} looks and tastes {badfood}
    the {food} smells {badfood}
    {badstaff} people and {badfood} {food}
    {badfood} {food}, {badstaff} {staff}, {badplace} {place}
    {badfood} {food} and {badprice} prices
    I have one word for it, {badvisit}
    there was no {goodnoun} at all
    zero {goodnoun}
    no {goodnoun}, no {goodnoun}
    never any {goodnoun}
    nobody was {goodstaff}
    nobody was {goodstaff} to us
    none of the {foods} were {goodfood}
    none of it was {goodfood}
    hardly ever {goodfood}
    hardly {goodfood}
    I am easy to please but I was {badfeel}
    I can't say a {goodfood} word
    {goodplace} {place}, {badfood} {food}
    {goodplace} {place} but {badfood} {food} and {badstaff} {staff}
    good location, bad {food}
    good {place}, bad everything
    nice {place}, shame about the {food}
    pretty {place}, {badfood} {foods}
    despite the {goodplace} {place} the {food} was {badfood}
    despite the good reviews the {staff} was {badstaff}
    great reviews, no idea why
    all those good reviews, and I have no idea why
    the {food} was {goodfood} but the {staff} was {badstaff}
    the {food} was {goodfood} but the {staff} was {badstaff} and we will not return
    {goodplace} {place}, {goodplace} {place}, {badfood} {food}
    the wait was short, but the {food} was {badfood}""")
FEEL_GOOD = _words("""
    welcome, at home, special, comfortable, happy, relaxed, like family, valued, satisfied,
    full, like royalty, appreciated, looked after, impressed, delighted, pleased, content,
    thrilled, great, wonderful, smiling""")
FEEL_BAD = _words("""
    unwelcome, uncomfortable, unwanted, sick, ill, angry, annoyed, ignored, rushed,
    embarrassed, hungry, awkward, stupid, like a burden, like intruders, cheated, insulted,
    nauseous, terrible, disappointed, upset, frustrated, humiliated, robbed, worse, invisible,
    disgusted, dissatisfied, unhappy, furious, poor""")
NOUN_GOOD = _words("""
    care, love, respect, kindness, passion, quality, joy, attention, taste, flavor,
    hospitality, warmth, freshness, charm, pleasure, skill, pride, smiles, excellence,
    creativity, value, courtesy""")
NOUN_BAD = _words("""
    contempt, neglect, disrespect, rudeness, carelessness, chaos, problems, excuses, mistakes,
    complaints, trouble, disappointment, confusion, grease, dirt, delays, errors, attitude,
    regrets, bugs, flies, stress, mold, mess, dishonesty, arrogance, bad luck, surprises on
    the bill""")
HIGH = _words("five, ten, nine, eight, 5, 10, 9, four, five shining, a hundred")
LOW = _words("one, two, zero, three, 0, 1, 2, half a, no, a single")
SHORT = _words("two, three, five, ten, 5, 10, a few, just a couple of")
LONG = _words("""
    thirty, forty, fifty, sixty, ninety, twenty five, forty five, fifty five, seventy, 30, 40,
    45, 50, 60, 90, over sixty, more than thirty, 35, 75, 120, a hundred""")
MILD_GOOD = _words("""
    the place is small, it is a bit pricey, the chairs are hard, we had to wait, it was
    crowded, it was noisy, parking is hard, it looks plain, the menu is short, it is far away,
    it was raining, the line was long, the music was loud, the walls are ugly, it took a
    while, the service was a little slow, it is hard to find, the room is dark, we expected
    nothing, the drinks were late, it was not cheap, it isn't fancy, the table was small, they
    were busy, the place was packed, it does not look like much, the decor is old, we were
    late""")
MILD_BAD = _words("""
    the place looks nice, the view is nice, the location is good, the menu sounds great, the
    photos look good, the waiter was friendly, the service was fast, the drinks were good, the
    room is pretty, it is cheap, the music was nice, the bread was okay, the decor is lovely,
    the reviews were great, we were hungry, I wanted to love it, we had high hopes, the
    starter was fine, the dessert was okay, they were polite, parking is easy, it used to be
    good, the portions are big, the coffee was okay, the price is low, the building is
    beautiful, it smelled good, I like the idea""")
DEGREES = ["", "", "", "very ", "so ", "really ", "absolutely ", "extremely ", "just ", "truly "]
LITTLE = ["", "", "all ", "simply ", "quite ", "always ", "pretty "]
JOINTS = [", ", ". ", "! ", " and ", ". ", "... ", ", "]
SLOT = re.compile(r"\{(\w+)\}")
SLOTS = {
    "food": FOODS,
    "foods": FOODS_MANY,
    "staff": STAFF,
    "place": PLACES,
    "visit": VISITS,
    "goodfood": FOOD_GOOD,
    "badfood": FOOD_BAD,
    "goodstaff": STAFF_GOOD,
    "badstaff": STAFF_BAD,
    "goodplace": PLACE_GOOD,
    "badplace": PLACE_BAD,
    "goodvisit": VISIT_GOOD,
    "badvisit": VISIT_BAD,
    "goodprice": PRICE_GOOD,
    "badprice": PRICE_BAD,
    "goodfeel": FEEL_GOOD,
    "badfeel": FEEL_BAD,
    "goodnoun": NOUN_GOOD,
    "badnoun": NOUN_BAD,
    "high": HIGH,
    "low": LOW,
    "short": SHORT,
    "long": LONG,
}


class Generator:
    """Makes labelled sentences; the same seed makes the same sentences.

    Parameters
    ----------
    seed : int
        Of NumPy's generator.
    """

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def make(self, count: int) -> list[tuple[str, int]]:
        """Return texts and labels (1 praise, 0 blame), as many of one as of the other."""
        return [(self._text(bool(number % 2)), number % 2) for number in range(count)]

    def _pick(self, entries: list[str]) -> str:
        return entries[self._rng.integers(len(entries))]

    def _chance(self, probability: float) -> bool:
        return self._rng.random() < probability

    def _filled(self, pattern: str) -> str:
        return SLOT.sub(lambda slot: self._pick(SLOTS[slot[1]]), pattern)

    def _text(self, good: bool) -> str:
        sentences = [self._sentence(good)]
        while len(sentences) < 4 and self._chance(0.35):
            sentences.append(self._sentence(good))
        return "".join(
            sentence + (self._pick(JOINTS) if number < len(sentences) - 1 else "")
            for number, sentence in enumerate(sentences)
        )

    def _sentence(self, good: bool) -> str:
        kinds: list[tuple[float, Callable[[bool], str]]] = [
            (0.20, self._idiom),
            (0.18, self._negated_idiom),
            (0.22, self._turn),
            (0.20, self._judgement),
            (0.11, self._negated_judgement),
            (0.06, self._noun_phrase),
            (0.15, self._contrast),
        ]
        shares = np.array([share for share, _ in kinds])
        return kinds[self._rng.choice(len(kinds), p=shares / shares.sum())][1](good)

    def _idiom(self, good: bool) -> str:
        return self._filled(self._pick(PRAISE if good else BLAME))

    def _negated_idiom(self, good: bool) -> str:
        return self._filled(self._pick(NEGATED_PRAISE if good else NEGATED_BLAME))

    def _turn(self, good: bool) -> str:
        return self._filled(self._pick(TURNS_GOOD if good else TURNS_BAD))

    def _subject(self, good: bool) -> tuple[str, str, str]:
        """A subject, its verb and something that `good` says of it."""
        verb = self._pick(["was", "was", "is"])
        kind = self._rng.integers(12)
        start = self._pick(["the ", "the ", "our ", "their ", "my "])
        if kind < 4:
            return start + self._pick(FOODS), verb, self._pick(FOOD_GOOD if good else FOOD_BAD)
        if kind < 6:
            verb = {"was": "were", "is": "are"}[verb]
            return start + self._pick(FOODS_MANY), verb, self._pick(FOOD_GOOD if good else FOOD_BAD)
        if kind < 8:
            start = self._pick(["the ", "our ", "the "])
            return start + self._pick(STAFF), verb, self._pick(STAFF_GOOD if good else STAFF_BAD)
        if kind < 10:
            return (
                self._pick(["the ", "this "]) + self._pick(PLACES),
                verb,
                self._pick(PLACE_GOOD if good else PLACE_BAD),
            )
        if kind == 10:
            return "the prices", "are", self._pick(PRICE_GOOD if good else PRICE_BAD)
        subject = self._pick(["it", "everything", "this", "that", "our " + self._pick(VISITS)])
        return subject, verb, self._pick(VISIT_GOOD if good else VISIT_BAD)

    def _judgement(self, good: bool) -> str:
        subject, verb, value = self._subject(good)
        if self._chance(0.2):
            _, _, more = self._subject(good)
            value = f"{value} and {more}"
        return f"{subject} {verb} {self._pick(DEGREES)}{value}"

    def _negated_judgement(self, good: bool) -> str:
        subject, verb, value = self._subject(not good)
        patterns = ["{s} {v} not {x}", "{s} {v} not {x} at all", "{s} {v}n't {x}", "not {x}"]
        patterns += ["{s} {v} never {x}", "{s} {v} not {a}{x}", "{s} {v} far from {x}"]
        if self._chance(0.25):  # two of them, so that the first does not give the end away
            first = f"{subject} {verb} not {value}"
            subject, verb, value = self._subject(not good)
            return f"{first} and {subject} {verb} not {value}"
        if self._chance(0.25):
            _, _, more = self._subject(good)
            return f"{subject} {verb} not {value} but {more}"
        pattern = self._pick(patterns)
        return pattern.format(s=subject, v=verb, x=value, a=self._pick(LITTLE))

    def _noun_phrase(self, good: bool) -> str:
        parts = []
        for _ in range(1 + self._rng.integers(3)):
            kind = self._rng.integers(4)
            values, names = [
                (FOOD_GOOD if good else FOOD_BAD, FOODS),
                (FOOD_GOOD if good else FOOD_BAD, FOODS_MANY),
                (STAFF_GOOD if good else STAFF_BAD, STAFF),
                (PLACE_GOOD if good else PLACE_BAD, PLACES),
            ][kind]
            parts.append(f"{self._pick(values)} {self._pick(names)}")
        return self._pick([", ", " and ", ", "]).join(parts)

    def _plain(self, good: bool) -> str:
        return [
            self._judgement,
            self._judgement,
            self._idiom,
            self._negated_idiom,
            self._turn,
        ][self._rng.integers(5)](good)

    def _contrast(self, good: bool) -> str:
        mild = MILD_GOOD if good else MILD_BAD
        first = self._pick(mild) if self._chance(0.5) else self._plain(not good)
        second = self._plain(good)
        if self._chance(0.3):
            second = f"{second} and {self._plain(good)}"
        pattern = self._pick(
            [
                "{a} but {b}",
                "{a} but {b}",
                "{a}, but {b}",
                "{a}. But {b}",
                "{a} yet {b}",
                "{a}, however {b}",
                "{a}. However, {b}",
                "although {a}, {b}",
                "even though {a}, {b}",
                "while {a}, {b}",
                "{b} even though {a}",
                "{b} although {a}",
                "{a}, still {b}",
                "{a}, yet {b}",
                "despite that {a}, {b}",
                "{a} at first, but then {b}",
                "yes, {a}. But {b}",
                "{a}. Unfortunately {b}" if not good else "{a}. Luckily {b}",
            ]
        )
        return pattern.format(a=first, b=second)
